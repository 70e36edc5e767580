use crate::stage::{begin, builtin, played, problem, run};

const BAD: [&str; 7] = ["abc", "-1", "", "1.0", " ", "99999999999999999999999999", "١"];

#[tokio::test]
async fn an_id_that_is_none_is_refused_at_once() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    for path in ["events", "patches"] {
        for bad in BAD {
            let path = format!("/api/generations/{id}/{path}");
            let request = server.client().request(http::Method::GET, &path);
            let header = http::HeaderValue::from_bytes(bad.as_bytes()).unwrap();
            let request = request.header("last-event-id", header).body(test_support::whole(""));
            let body = problem(&server.client().send(request).await, 400, "invalid_parameter");
            assert_eq!(body["field"], "Last-Event-ID", "{bad:?}");
        }
    }
    let path = format!("/api/generations/{id}/events?after=x");
    let body = problem(&server.client().get(&path).await, 400, "invalid_parameter");
    assert_eq!(body["field"], "after");
}

#[tokio::test]
async fn an_id_beyond_the_end_is_refused_and_the_end_is_told() {
    let server = builtin().await;
    let (id, messages) = run(server.client()).await;
    let last = messages.len();
    for beyond in [last as u64 + 1, u64::MAX] {
        for path in ["events", "patches"] {
            let path = format!("/api/generations/{id}/{path}?after={beyond}");
            let body = problem(&server.client().get(&path).await, 400, "invalid_parameter");
            assert!(body["detail"].as_str().unwrap().contains(&last.to_string()), "{body}");
        }
    }
}

#[tokio::test]
async fn an_id_beyond_what_is_written_so_far_is_refused_not_waited_for() {
    let (server, mut upstream) = played().await;
    let (id, _exchange) = begin(server.client(), &mut upstream).await;
    let path = format!("/api/generations/{id}/events?after=2");
    problem(&server.client().get(&path).await, 400, "invalid_parameter");
}
