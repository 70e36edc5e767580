use http::StatusCode;
use serde_json::{Value, json};

use crate::stage::{begin, builtin, last, played, problem, run};

#[tokio::test]
async fn stop_ends_the_generation_and_hangs_up_on_the_provider() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (id, mut exchange) = begin(client, &mut upstream).await;
    let mut stream = client.follow(&id, 0).await;
    exchange.text("{\"title\": \"Ice").await;
    stream.until(|message| message.event == "field_delta").await;

    let stop = format!("/api/generations/{id}/stop");
    assert_eq!(client.post(&stop, &Value::Null).await.status, StatusCode::ACCEPTED);
    exchange.closed().await;
    assert_eq!(last(&stream.rest().await, "stopped"), json!({}));
    let snapshot = client.snapshot(&id).await;
    assert_eq!(snapshot["status"], "stopped");
    assert_eq!(snapshot["document"], json!({"title": "Ice"}));

    assert_eq!(client.post(&stop, &Value::Null).await.status, StatusCode::ACCEPTED);
    assert_eq!(client.snapshot(&id).await, snapshot, "it is stopped once");
}

#[tokio::test]
async fn stop_hangs_up_before_the_provider_has_answered() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let stop = format!("/api/generations/{id}/stop");
    server.client().post(&stop, &Value::Null).await;
    exchange.closed().await;
    last(&server.client().follow(&id, 0).await.rest().await, "stopped");
}

#[tokio::test]
async fn a_generation_that_has_ended_stays_as_it_is() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    let before = server.client().snapshot(&id).await;
    let stop = format!("/api/generations/{id}/stop");
    let answer = server.client().post(&stop, &Value::Null).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(server.client().snapshot(&id).await, before);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_stopped() {
    let server = builtin().await;
    let answer = server.client().post("/api/generations/nobody/stop", &Value::Null).await;
    problem(&answer, 404, "not_found");
}
