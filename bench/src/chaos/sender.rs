use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::{Answer, whole};
use tokio::time::{sleep, timeout};

use super::{run::Run, tally::Violation, viewer::DEADLINE};

/// A sender stops one reply in so many.
const STOP_ONE_IN: u32 = 6;

/// A sender leaves a conversation after one turn in so many, and deletes one of those in so many.
const LEAVE_ONE_IN: u32 = 5;
const DELETE_ONE_IN: u32 = 4;

/// How long a sender waits before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

/// Sends messages to conversations, each once the reply before has ended.
pub(super) async fn send_repeatedly(run: Run, mut rng: fastrand::Rng) {
    let mut conversation = None;
    while !run.is_finishing() {
        let turn = timeout(DEADLINE, take_turn(&run, conversation.take(), &mut rng)).await;
        let Ok(id) = turn else {
            run.tally.violation(Violation::Hanging, || "a turn did not end".to_owned());
            continue;
        };
        run.tally.turn();
        if rng.u32(..LEAVE_ONE_IN) > 0 {
            conversation = Some(id);
        } else if rng.u32(..DELETE_ONE_IN) == 0 {
            delete(&run, &id).await;
        }
    }
}

/// Sends a message, in a conversation or to begin one, and waits for the end of its reply.
async fn take_turn(run: &Run, conversation: Option<String>, rng: &mut fastrand::Rng) -> String {
    let key = format!("{:016x}", rng.u64(..));
    let body = match &conversation {
        Some(id) => json!({"content": format!("Message {key}?"), "conversation_id": id}),
        None => json!({"content": format!("Message {key}?")}),
    };
    let first = request_send(run, &body, &key).await;
    // As a client does that has lost the first response.
    let again = request_send(run, &body, &key).await;
    if first != again {
        run.tally.violation(Violation::StartedTwice, || format!("{first} and {again} by one key"));
    }
    let id = first["conversation_id"].as_str().unwrap_or_default().to_owned();
    run.add_conversation(&id);
    let path = format!("/api/conversations/{id}");
    if rng.u32(..STOP_ONE_IN) == 0 {
        sleep(Duration::from_millis(rng.u64(..300))).await;
        let _ = call(run, Method::POST, &format!("{path}/stop"), "", None).await;
    }
    while is_running(run, &path, &first["reply_id"]).await {
        sleep(PAUSE).await;
    }
    id
}

/// Sends the request until there is a response with an id.
async fn request_send(run: &Run, body: &Value, key: &str) -> Value {
    let body = body.to_string();
    loop {
        let path = "/api/conversations/send";
        if let Some(answer) = call(run, Method::POST, path, &body, Some(key)).await
            && answer.status == StatusCode::ACCEPTED
            && let Ok(answer) = serde_json::from_slice(&answer.body)
        {
            return answer;
        }
        sleep(PAUSE).await;
    }
}

/// Whether that reply is still written, as far as the server answers.
async fn is_running(run: &Run, path: &str, reply: &Value) -> bool {
    let answer = call(run, Method::GET, &format!("{path}?limit=4"), "", None).await;
    let snapshot: Option<Value> = answer.and_then(|it| serde_json::from_slice(&it.body).ok());
    let messages = snapshot.as_ref().and_then(|snapshot| snapshot["messages"].as_array());
    let found = messages.and_then(|all| all.iter().find(|message| message["id"] == *reply));
    found.is_none_or(|message| message["status"] == "running")
}

async fn delete(run: &Run, id: &str) {
    let path = format!("/api/conversations/{id}");
    run.add_deleted(id);
    loop {
        let answer = call(run, Method::DELETE, &path, "", None).await;
        // What is not there may have been deleted by the attempt whose response was lost.
        let gone = [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND];
        if answer.is_some_and(|answer| gone.contains(&answer.status)) {
            return;
        }
        sleep(PAUSE).await;
    }
}

async fn call(
    run: &Run,
    method: Method,
    path: &str,
    body: &str,
    key: Option<&str>,
) -> Option<Answer> {
    let request = run.client.request(method, path).header("content-type", "application/json");
    let request = key.iter().fold(request, |request, key| request.header("idempotency-key", *key));
    run.client.try_send(request.body(whole(body.to_owned())).ok()?).await.ok()
}
