use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{answer, ask, change, conversation, ends, follow, persona, send, stream_of, text};
use crate::stage::{builtin, played, problem};

#[tokio::test]
async fn a_persona_has_versions_and_each_can_be_restored() {
    let server = builtin().await;
    let client = server.client();
    let made = persona(client, " Ada ", "Be brief.").await;
    assert_eq!(
        (&made["name"], &made["version"], &made["profile"]),
        (&json!("Ada"), &json!(1), &json!(""))
    );
    let path = format!("/api/personas/{}", text(&made, "id"));
    assert_eq!(client.get(&path).await.json(), made);
    let edited = change(client, Method::PUT, &path, &json!({"profile": "She likes ice."})).await;
    assert_eq!(edited.status, StatusCode::OK);
    assert_eq!(edited.json()["version"], 2);
    assert_eq!(edited.json()["instruction"], "Be brief.");
    // What changes nothing makes no version.
    let same = change(client, Method::PUT, &path, &json!({"name": "Ada"})).await;
    assert_eq!(same.json(), edited.json());
    let restored = client.post(&format!("{path}/versions/1/restore"), &json!({})).await;
    assert_eq!((&restored.json()["version"], &restored.json()["profile"]), (&json!(3), &json!("")));
    let versions = client.get(&format!("{path}/versions")).await.json();
    let origins: Vec<_> = versions["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| (version["version"].as_u64().unwrap(), text(version, "origin")))
        .collect();
    assert_eq!(origins, [(3, "restored"), (2, "edited"), (1, "created")]);
    let first = client.get(&format!("{path}/versions?limit=1")).await.json();
    let second = client
        .get(&format!("{path}/versions?limit=1&before={}", text(&first, "next")))
        .await
        .json();
    assert_eq!(second["versions"][0]["version"], 2);
    for none in ["4", "0", "-1", "x"] {
        let refused = client.post(&format!("{path}/versions/{none}/restore"), &json!({})).await;
        problem(&refused, 404, "not_found");
    }
    let server = server.kill().await.start().await;
    let client = server.client();
    assert_eq!(client.get(&path).await.json(), restored.json());
    assert_eq!(client.delete(&path).await.status, StatusCode::NO_CONTENT);
    problem(&client.get(&path).await, 404, "not_found");
}

#[tokio::test]
async fn personas_are_listed_by_pages_and_bad_ones_refused() {
    let server = builtin().await;
    let client = server.client();
    for name in ["One", "Two", "Three"] {
        persona(client, name, "").await;
    }
    let names = |page: &Value| -> Vec<String> {
        let personas = page["personas"].as_array().unwrap();
        personas.iter().map(|persona| text(persona, "name").to_owned()).collect()
    };
    let first = client.get("/api/personas?limit=2").await.json();
    assert_eq!(names(&first), ["Three", "Two"]);
    let path = format!("/api/personas?limit=2&before={}", text(&first, "next"));
    assert_eq!(names(&client.get(&path).await.json()), ["One"]);
    for (body, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "x".repeat(101)}), "name"),
        (json!({"name": "x", "instruction": "x".repeat(20_001)}), "instruction"),
        (json!({"name": "x", "profile": "x"}), "profile"),
        (json!({}), "name"),
    ] {
        let refused = client.post("/api/personas", &body).await;
        assert_eq!(problem(&refused, 422, "invalid_field")["field"], field, "{body}");
    }
}

#[tokio::test]
async fn a_conversation_is_answered_as_the_persona_that_it_chose() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let ada = persona(client, "Ada", "Be brief.").await;
    let path = format!("/api/personas/{}", text(&ada, "id"));
    change(client, Method::PUT, &path, &json!({"profile": "She likes ice."})).await;
    let turn = send(client, &json!({"content": "Who?", "persona_id": ada["id"]})).await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    let asked = answer(&mut upstream, "Ada.").await;
    let system = text(&asked["messages"][0], "content").to_owned();
    for part in ["Ada", "Be brief.", "She likes ice."] {
        assert!(system.contains(part), "{system}");
    }
    let seen = stream.until(ends).await;
    assert_eq!(seen[1].json()["digital_human_id"], ada["id"]);
    super::entitle(&mut upstream, "Who").await;
    // She stays, until another is asked for or she is gone.
    let kept = conversation(client, id).await;
    assert_eq!((&kept["persona_id"], &kept["messages"][1]["persona_id"]), (&ada["id"], &ada["id"]));
    send(client, &json!({"content": "Still?", "conversation_id": id})).await;
    let asked = answer(&mut upstream, "Yes.").await;
    assert!(text(&asked["messages"][0], "content").contains("Be brief."));
    stream.until(ends).await;
    assert_eq!(client.delete(&path).await.status, StatusCode::NO_CONTENT);
    send(client, &json!({"content": "Now?", "conversation_id": id})).await;
    let asked = answer(&mut upstream, "No.").await;
    assert!(!text(&asked["messages"][0], "content").contains("Be brief."));
    let start = stream.until(|message| message.event == "ai_response_start").await.pop().unwrap();
    assert!(start.json()["digital_human_id"].is_null());
    let other = ask(client, "Nobody?").await;
    assert!(conversation(client, text(&other, "conversation_id")).await["persona_id"].is_null());
}
