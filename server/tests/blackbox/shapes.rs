//! Documents of every shape, by name or by a schema of one's own.

use http::StatusCode;
use serde_json::{Value, json};
use test_support::{Answer, Client};

use crate::stage::{TEXT, builtin, fold, last, played, problem};

const NOTES: &str = "# Harbour board\n\nPresent: Ada, Grace\n\nThe clock is late again, and nobody \
    in the village knows why. The board decided to repair it.\n\n## Action items\n\n\
    - [ ] Ada: oil the clock by Monday\n- [ ] Grace tells the village";

fn own() -> Value {
    json!({"type": "object", "properties": {
        "mood": {"enum": ["good", "bad"]},
        "score": {"type": "number", "description": "From 1 to 10"},
        "names": {"type": "array", "items": {"type": "string"}},
    }})
}

async fn create(client: Client, body: &Value) -> Answer {
    client.post("/api/generations", body).await
}

async fn start(client: Client, text: &str, shape: &Value) -> String {
    let answer = create(client, &json!({"text": text, "shape": shape})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.json());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_builtin_engine_fills_every_named_shape() {
    let server = builtin().await;
    for (shape, names) in [
        ("summary", &["title", "summary"][..]),
        ("key_points", &["title", "points"]),
        ("action_items", &["title", "items"]),
        ("minutes", &["title", "attendees", "decisions", "actions", "summary"]),
    ] {
        let id = start(server.client(), NOTES, &json!(shape)).await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        last(&messages, "completed");
        let snapshot = server.client().snapshot(&id).await;
        assert_eq!(snapshot["shape"], shape);
        let document = snapshot["document"].as_object().unwrap();
        assert_eq!(document.keys().collect::<Vec<_>>(), names);
        assert_eq!(fold(&messages).root(), &snapshot["document"]);
        match shape {
            "key_points" => assert!(!document["points"].as_array().unwrap().is_empty()),
            "action_items" => {
                let first =
                    json!({"what": "oil the clock by Monday", "who": "Ada", "when": "by Monday"});
                assert_eq!(document["items"][0], first);
            }
            "minutes" => {
                assert_eq!(document["attendees"], json!(["Ada", "Grace"]));
                assert_eq!(document["decisions"], json!(["The board decided to repair it."]));
                assert_eq!(document["actions"].as_array().unwrap().len(), 2);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_shape_of_ones_own_goes_to_the_model_closed_and_comes_item_by_item() {
    let (server, mut upstream) = played().await;
    let id = start(server.client(), TEXT, &own()).await;
    let mut exchange = upstream.next().await;
    let schema = &exchange.body["response_format"]["json_schema"]["schema"];
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], json!(["mood", "score", "names"]));
    let told = exchange.body["messages"][0]["content"].as_str().unwrap();
    assert!(told.contains("From 1 to 10") && told.contains("\"good\", \"bad\""), "{told}");

    for piece in ["{\"mood\":\"go", "od\",\"score\":8", ".5,\"names\":[\"A", "da\",\"Bo\"]}"] {
        exchange.text(piece).await;
    }
    exchange.finish("stop").await;
    exchange.done().await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    let told: Vec<String> = messages
        .iter()
        .filter(|message| message.event.starts_with("field_"))
        .map(|message| format!("{} {}", message.event, message.json()["path"].as_str().unwrap()))
        .collect();
    let expected = [
        "field_set /mood",
        "field_set /score",
        "field_started /names",
        "field_started /names/0",
        "field_delta /names/0",
        "field_delta /names/0",
        "field_completed /names/0",
        "field_started /names/1",
        "field_delta /names/1",
        "field_completed /names/1",
        "field_completed /names",
    ];
    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
    // Neighbouring deltas of one path may have come as one.
    let mut expected = expected.to_vec();
    told.dedup();
    expected.dedup();
    assert_eq!(told, expected);

    let snapshot = server.client().snapshot(&id).await;
    assert_eq!(snapshot["document"], json!({"mood": "good", "score": 8.5, "names": ["Ada", "Bo"]}));
    assert_eq!((&snapshot["shape"], &snapshot["schema"]), (&json!("own"), &own()));
    assert_eq!(fold(&messages).root(), &snapshot["document"]);
    let found = server.client().get("/api/generations?query=ada").await.json();
    assert_eq!(found["generations"].as_array().unwrap().len(), 1);
    assert_eq!(server.client().delete(&format!("/api/generations/{id}")).await.status, 204);
}

#[tokio::test]
async fn a_word_that_was_not_to_be_chosen_is_no_answer() {
    let (server, mut upstream) = played().await;
    let id = start(server.client(), TEXT, &own()).await;
    let mut exchange = upstream.next().await;
    exchange.text("{\"mood\":\"so so\",\"score\":1,\"names\":[]}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    let failed = last(&messages, "failed");
    assert_eq!(failed["code"], "invalid_output");
    assert!(failed["message"].as_str().unwrap().contains("`mood`"), "{failed}");
}

#[tokio::test]
async fn what_the_builtin_engine_cannot_fill_it_says() {
    let server = builtin().await;
    let id = start(server.client(), TEXT, &own()).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    let failed = last(&messages, "failed");
    assert_eq!(failed["code"], "provider_rejected");
    assert!(failed["message"].as_str().unwrap().contains("`mood`"), "{failed}");
}

#[tokio::test]
async fn a_schema_that_cannot_be_used_is_refused_with_its_part() {
    let server = builtin().await;
    let deep = json!({"type": "object", "properties": {"a": {"type": "array", "items": {
        "type": "object", "properties": {"b": {"type": "object", "properties": {}}}}}}});
    for (shape, words) in [
        (json!("poem"), "key_points"),
        (json!(5), "object"),
        (json!({"type": "object"}), "properties"),
        (json!({"$ref": "#/x"}), "/$ref"),
        (deep, "/properties/a/items/properties/b"),
    ] {
        let answer = create(server.client(), &json!({"text": TEXT, "shape": shape})).await;
        let problem = problem(&answer, 422, "invalid_field");
        assert_eq!(problem["field"], "shape");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
}

#[tokio::test]
async fn the_shape_belongs_to_what_a_key_stands_for() {
    let (server, mut upstream) = played().await;
    let key = [("idempotency-key", "key")];
    let post = async |shape: &Value| {
        let body = json!({"text": TEXT, "shape": shape});
        server.client().post_with("/api/generations", &body, &key).await
    };
    let first = post(&own()).await;
    let mut same = own();
    same["required"] = json!(["names"]);
    assert_eq!(post(&same).await.json()["id"], first.json()["id"]);
    problem(&post(&json!("key_points")).await, 422, "key_reused");
    drop(upstream.next().await);
}

#[tokio::test]
async fn the_patches_of_a_list_give_the_document() {
    let server = builtin().await;
    let id = start(server.client(), NOTES, &json!("action_items")).await;
    let path = format!("/api/generations/{id}/patches");
    let messages = server.client().open(&path, &[]).await.rest().await;
    let mut document = Value::Null;
    for message in messages.iter().filter(|message| message.event == "message") {
        let patch: json_patch::Patch = serde_json::from_str(&message.data).unwrap();
        json_patch::patch(&mut document, &patch).unwrap();
    }
    assert_eq!(document, server.client().snapshot(&id).await["document"]);
}
