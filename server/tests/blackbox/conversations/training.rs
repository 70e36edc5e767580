use http::StatusCode;
use serde_json::{Value, json};
use test_support::{Client, EventStream};

use super::{answer, finish, follow, names, persona, text};
use crate::stage::{builtin, played, problem};

const TRAIN: &str = "/api/v1/digital-humans/train/stream";

/// Begins a training on a connection that is not read to its end.
async fn train(client: Client, persona: &Value, message: &str) -> tokio::task::JoinHandle<String> {
    let body = json!({"digital_human_id": persona["id"], "message": message});
    tokio::spawn(async move { client.post(TRAIN, &body).await.text().to_owned() })
}

async fn now(client: Client, persona: &Value) -> Value {
    client.get(&format!("/api/personas/{}", text(persona, "id"))).await.json()
}

#[tokio::test]
async fn a_training_writes_the_profile_and_says_so_once_it_is_kept() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let ada = persona(client, "Ada", "").await;
    // Whoever waits is told of the next one.
    let mut waiting = follow(client, TRAIN, None).await;
    let mut hers =
        follow(client, &format!("{TRAIN}?digital_human_id={}", text(&ada, "id")), None).await;
    let posted = train(client, &ada, "She likes ice.").await;
    let mut exchange = upstream.next().await;
    let asked = exchange.body["messages"].to_string();
    assert!(asked.contains("Ada") && asked.contains("She likes ice."), "{asked}");
    exchange.text("Likes ice.\n").await;
    let seen = waiting.until(|message| message.event == "training_chunk").await;
    assert_eq!(names(&seen), ["training_start", "training_chunk"]);
    assert_eq!(seen[0].json(), json!({"digital_human_id": ada["id"], "message": "She likes ice."}));
    assert_eq!(seen[1].data, "Likes ice.\n", "the text itself, line by line");
    assert_eq!(now(client, &ada).await["profile"], "", "only the end changes it");
    assert!(now(client, &ada).await["training_id"].is_string());
    exchange.text("Is brief.").await;
    finish(exchange).await;
    let rest = waiting.rest().await;
    let last = rest.last().unwrap();
    assert_eq!((last.event.as_str(), &last.json()["version"]), ("training_complete", &json!(2)));
    let after = now(client, &ada).await;
    assert_eq!(
        (&after["profile"], &after["version"]),
        (&json!("Likes ice.\nIs brief."), &json!(2))
    );
    assert!(after.get("training_id").is_none());
    assert_eq!(names(&hers.rest().await).last(), Some(&"training_complete"));
    assert!(posted.await.unwrap().contains("event: training_complete"));
    // It can be followed again from any of its ids, up to the end.
    let all: Vec<_> = seen.iter().chain(&rest).collect();
    let again = follow(client, TRAIN, Some(&seen[0].id)).await.rest().await;
    let joined = |messages: &[&test_support::sse::Message]| -> String {
        messages
            .iter()
            .filter(|message| message.event == "training_chunk")
            .map(|message| message.data.as_str())
            .collect()
    };
    assert_eq!(joined(&again.iter().collect::<Vec<_>>()), joined(&all));
    let end = client.open(TRAIN, &[("last-event-id", &last.id)]).await;
    assert_eq!(end.status(), StatusCode::NO_CONTENT);
    let wrong = client.open(TRAIN, &[("last-event-id", "none")]).await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    // The next training knows what she is.
    let posted = train(client, &ada, "She sings.").await;
    let asked = answer(&mut upstream, "Likes ice and sings.").await;
    assert!(asked["messages"].to_string().contains("Is brief."));
    posted.await.unwrap();
    assert_eq!(now(client, &ada).await["version"], 3);
}

#[tokio::test]
async fn a_training_that_does_not_end_well_changes_nothing() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let ada = persona(client, "Ada", "").await;
    let stop = format!("/api/personas/{}/training/stop", text(&ada, "id"));
    assert_eq!(client.post(&stop, &json!({})).await.status, StatusCode::ACCEPTED);
    // Failed.
    let posted = train(client, &ada, "She likes ice.").await;
    upstream.next().await.refuse(401, &json!({"error": {"message": "no"}})).await;
    let told = posted.await.unwrap();
    assert!(told.contains("event: training_error") && told.contains("key"), "{told}");
    assert_eq!(now(client, &ada).await, ada);
    // Its connection is gone: it goes on, and is stopped.
    let posted = train(client, &ada, "She likes ice.").await;
    let mut exchange = upstream.next().await;
    exchange.text("Likes").await;
    posted.abort();
    let mut stream: EventStream = follow(client, TRAIN, None).await;
    stream.until(|message| message.event == "training_chunk").await;
    let body = json!({"digital_human_id": ada["id"], "message": "More."});
    problem(&client.post(TRAIN, &body).await, 409, "training_running");
    assert_eq!(client.post(&stop, &json!({})).await.status, StatusCode::ACCEPTED);
    exchange.closed().await;
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(last.event, "training_error");
    assert!(text(&last.json(), "error").contains("stopped"));
    assert_eq!(now(client, &ada).await, ada);
}

#[tokio::test]
async fn who_cannot_be_taught_is_named() {
    let server = builtin().await;
    let client = server.client();
    let ada = persona(client, "Ada", "").await;
    for (body, field) in [
        (json!({"digital_human_id": "none", "message": "x"}), "digital_human_id"),
        (json!({"digital_human_id": 7, "message": "x"}), "digital_human_id"),
        (json!({"digital_human_id": [], "message": "x"}), "digital_human_id"),
        (json!({"digital_human_id": ada["id"], "message": " "}), "message"),
        (json!({"digital_human_id": ada["id"]}), "message"),
    ] {
        let refused = client.post(TRAIN, &body).await;
        assert_eq!(problem(&refused, 422, "invalid_field")["field"], field, "{body}");
    }
    let refused = client.get(&format!("{TRAIN}?digital_human_id=none")).await;
    assert_eq!(problem(&refused, 422, "invalid_field")["field"], "digital_human_id");
    problem(&client.post("/api/personas/none/training/stop", &json!({})).await, 404, "not_found");
}

#[tokio::test]
async fn without_a_model_the_profile_is_what_was_taught_word_for_word() {
    let server = builtin().await;
    let client = server.client();
    let ada = persona(client, "Ada", "").await;
    train(client, &ada, "She likes ice. She is brief.").await.await.unwrap();
    train(client, &ada, "She sings. She likes ice.").await.await.unwrap();
    assert_eq!(now(client, &ada).await["profile"], "She likes ice.\nShe is brief.\nShe sings.");
}

#[tokio::test]
async fn a_persona_is_deleted_with_the_training_that_runs() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let ada = persona(client, "Ada", "").await;
    let posted = train(client, &ada, "She likes ice.").await;
    let mut exchange = upstream.next().await;
    exchange.text("Likes").await;
    let path = format!("/api/personas/{}", text(&ada, "id"));
    assert_eq!(client.delete(&path).await.status, StatusCode::NO_CONTENT);
    exchange.closed().await;
    let _ = posted.await;
    problem(&client.get(&path).await, 404, "not_found");
}
