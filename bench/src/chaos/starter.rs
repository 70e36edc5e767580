use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::whole;
use tokio::time::sleep;

use super::{
    stage::Stage,
    tally::Broken,
    viewer::{self, PATIENCE},
};

/// One generation in so many is stopped by a client.
const STOPPED: u32 = 10;

/// Starts generations one after another, each once the one before has ended.
pub(super) async fn play(stage: Stage, mut dice: fastrand::Rng) {
    while !stage.is_closed() {
        let key = format!("{:016x}", dice.u64(..));
        let Some(id) = start(&stage, &key).await else { continue };
        stage.enter(id.clone());
        stage.tally.generation();
        if dice.u32(..STOPPED) == 0 {
            sleep(Duration::from_millis(dice.u64(..500))).await;
            let _ = post(&stage, &format!("/api/generations/{id}/stop"), "", &key).await;
        }
        viewer::follow(&stage, id, &mut dice).await;
    }
}

/// Asks until there is an answer, always with the same key: it must be one generation. Asks once
/// more then, as a client does whose first answer was lost.
async fn start(stage: &Stage, key: &str) -> Option<String> {
    let asking = async {
        let first = ask(stage, key).await;
        let again = ask(stage, key).await;
        if first != again {
            stage.tally.broken(Broken::StartedTwice, || format!("{first} and {again} by one key"));
        }
        first
    };
    let asked = tokio::time::timeout(PATIENCE, asking).await;
    if asked.is_err() {
        stage.tally.broken(Broken::Hanging, || "a start was not answered".to_owned());
    }
    asked.ok()
}

async fn ask(stage: &Stage, key: &str) -> String {
    let body = json!({"text": format!("Text {key}.")}).to_string();
    loop {
        let answer = post(stage, "/api/generations", &body, key).await;
        if let Some(id) = answer.and_then(|answer| answer["id"].as_str().map(str::to_owned)) {
            return id;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn post(stage: &Stage, path: &str, body: &str, key: &str) -> Option<Value> {
    let request = stage
        .client
        .request(Method::POST, path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(whole(body.to_owned()))
        .ok()?;
    let answer = stage.client.try_send(request).await.ok()?;
    let taken = [StatusCode::CREATED, StatusCode::OK, StatusCode::ACCEPTED];
    taken.contains(&answer.status).then(|| serde_json::from_slice(&answer.body).ok()).flatten()
}
