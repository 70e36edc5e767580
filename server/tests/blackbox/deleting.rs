use http::StatusCode;
use test_support::within;

use crate::stage::{begin, builtin, played, problem, run};

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let server = builtin().await;
    let client = server.client();
    let (id, _) = run(client).await;
    let path = format!("/api/generations/{id}");
    let answer = client.delete(&path).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::NO_CONTENT, String::new()));
    for path in [path.clone(), format!("{path}/events"), format!("{path}/patches")] {
        problem(&client.get(&path).await, 404, "not_found");
    }
    problem(&client.delete(&path).await, 404, "not_found");
    assert_eq!(client.get("/api/generations").await.json()["generations"], serde_json::json!([]));
}

#[tokio::test]
async fn what_runs_is_stopped_first() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let path = format!("/api/generations/{id}");
    assert_eq!(server.client().delete(&path).await.status, StatusCode::NO_CONTENT);
    exchange.closed().await;
    problem(&server.client().get(&path).await, 404, "not_found");
}

#[tokio::test]
async fn what_is_more_than_is_kept_goes() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let path = format!("/api/generations/{id}");
    let server = server.kill().await.flag("retain-bytes", "1").start().await;
    let gone = async { while server.client().get(&path).await.status.is_success() {} };
    within("pruning", gone).await;
    problem(&server.client().get(&path).await, 404, "not_found");
}
