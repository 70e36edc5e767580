use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::whole;
use tokio::time::sleep;

use super::{
    run::Run,
    tally::Violation,
    viewer::{self, DEADLINE},
};

/// A starter stops one of its generations in so many.
const STOP_ONE_IN: u32 = 10;

/// Starts generations, each once the one before has ended.
pub(super) async fn start_repeatedly(run: Run, mut rng: fastrand::Rng) {
    while !run.is_finishing() {
        let key = format!("{:016x}", rng.u64(..));
        let Some(id) = start(&run, &key).await else { continue };
        run.add_generation(id.clone());
        run.tally.generation();
        if rng.u32(..STOP_ONE_IN) == 0 {
            sleep(Duration::from_millis(rng.u64(..500))).await;
            let _ = post(&run, &format!("/api/generations/{id}/stop"), "", &key).await;
        }
        viewer::follow(&run, id, &mut rng).await;
    }
}

/// Starts a generation, and sends the same request once more, as a client does that has lost the
/// first response. Both have the same key, so both must name the same generation.
async fn start(run: &Run, key: &str) -> Option<String> {
    let starting = async {
        let first = request_start(run, key).await;
        let again = request_start(run, key).await;
        if first != again {
            run.tally
                .violation(Violation::StartedTwice, || format!("{first} and {again} by one key"));
        }
        first
    };
    let started = tokio::time::timeout(DEADLINE, starting).await;
    if started.is_err() {
        run.tally.violation(Violation::Hanging, || "a start was not answered".to_owned());
    }
    started.ok()
}

/// Sends the request until there is a response with an id.
async fn request_start(run: &Run, key: &str) -> String {
    let body = json!({"text": format!("Text {key}.")}).to_string();
    loop {
        let answer = post(run, "/api/generations", &body, key).await;
        if let Some(id) = answer.and_then(|answer| answer["id"].as_str().map(str::to_owned)) {
            return id;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn post(run: &Run, path: &str, body: &str, key: &str) -> Option<Value> {
    let request = run
        .client
        .request(Method::POST, path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(whole(body.to_owned()))
        .ok()?;
    let answer = run.client.try_send(request).await.ok()?;
    let accepted = [StatusCode::CREATED, StatusCode::OK, StatusCode::ACCEPTED];
    accepted.contains(&answer.status).then(|| serde_json::from_slice(&answer.body).ok()).flatten()
}
