//! Exports and imports.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::{Answer, Client, Script, Upstream, whole};

use crate::stage::{KEY, builtin, launch, problem};

async fn run(client: Client, text: &str) -> String {
    let id = client.start(text).await;
    client.follow(&id, 0).await.rest().await;
    id
}

async fn import(client: Client, file: &str) -> Answer {
    let request = client.request(Method::POST, "/api/import");
    let request = request.header("content-type", "application/json");
    client.send(request.body(whole(file.to_owned()))).await
}

/// What a client sees of a space: its lists, what they lead to, and the logs behind that.
async fn seen(client: Client) -> Vec<String> {
    let mut seen = Vec::new();
    let history = client.get("/api/generations").await.json();
    let conversations = client.get("/api/conversations").await.json();
    seen.extend([history.to_string(), conversations.to_string()]);
    seen.push(client.get("/api/personas").await.text());
    for listed in history["generations"].as_array().unwrap() {
        let id = listed["id"].as_str().unwrap();
        seen.push(client.get(&format!("/api/generations/{id}")).await.text());
        seen.push(client.get(&format!("/api/generations/{id}/events")).await.text());
    }
    for listed in conversations["conversations"].as_array().unwrap() {
        let id = listed["id"].as_str().unwrap();
        let mut conversation = client.get(&format!("/api/conversations/{id}")).await.json();
        for message in conversation["messages"].as_array().unwrap() {
            let id = message["id"].as_str().unwrap();
            seen.push(client.get(&format!("/api/generations/{id}/events")).await.text());
        }
        // The numbers of what happened go on from where they were.
        conversation["cursor"] = Value::Null;
        seen.push(conversation.to_string());
    }
    seen
}

async fn wipe(client: Client) {
    for (list, path) in [
        ("generations", "generations"),
        ("conversations", "conversations"),
        ("personas", "personas"),
    ] {
        let listed = client.get(&format!("/api/{path}")).await.json();
        for listed in listed[list].as_array().unwrap() {
            let id = listed["id"].as_str().unwrap();
            let gone = client.delete(&format!("/api/{path}/{id}")).await;
            assert_eq!(gone.status, StatusCode::NO_CONTENT);
        }
    }
}

#[tokio::test]
async fn what_was_exported_and_wiped_is_imported_as_it_was() {
    let server = builtin().await;
    let client = server.client();
    let id =
        run(client, "The glacier melts. It has melted for years.\n\n我们在北京训练大模型。").await;
    run(client, "Another text about a harbour.").await;
    client.post("/api/personas", &json!({"name": "Ada", "instruction": "Be brief."})).await;
    let turn = json!({"content": "What melts?", "generation_id": id});
    let turn = client.post("/api/conversations/send", &turn).await.json();
    let reply = turn["reply_id"].as_str().unwrap();
    client.follow(reply, 0).await.rest().await;

    // The model gives it a title once the reply is there.
    let path = format!("/api/conversations/{}", turn["conversation_id"].as_str().unwrap());
    while client.get(&path).await.json()["title"] == "What melts?" {
        tokio::task::yield_now().await;
    }

    let before = seen(client).await;
    let file = client.get("/api/export?format=json").await;
    assert!(file.header("content-type").starts_with("application/json"));
    assert!(file.header("content-disposition").contains("unspool.json"));
    wipe(client).await;
    assert_eq!(client.get("/api/generations?query=glacier").await.json()["generations"], json!([]));

    let imported = import(client, &file.text()).await;
    let counts = json!({"generations": 2, "personas": 1, "conversations": 1, "messages": 2});
    assert_eq!((imported.status, imported.json()), (StatusCode::OK, counts));
    assert_eq!(seen(client).await, before);
    assert_eq!(client.get("/api/export").await.json(), file.json());
    let found = client.get("/api/generations?query=%E6%A8%A1%E5%9E%8B").await.json();
    assert_eq!(found["generations"].as_array().unwrap().len(), 1);

    let again = import(client, &file.text()).await.json();
    assert_eq!(again["generations"], 0, "what is there already stays as it is");
    assert_eq!(seen(client).await, before);
}

#[tokio::test]
async fn one_thing_is_exported_by_its_id_and_markdown_is_for_people() {
    let upstream = Upstream::playing(Script::document("On <b>ice</b>", "It *melts*.", 8)).await;
    let server = launch().asking(&upstream, KEY).start().await;
    let client = server.client();
    let id = run(client, "First text").await;
    run(client, "Second text").await;
    let one = client.get(&format!("/api/export?id={id}")).await.json();
    assert_eq!(one["entries"].as_array().unwrap().len(), 1);
    assert_eq!(one["entries"][0]["snapshot"]["id"], id);
    let markdown = client.get(&format!("/api/export?format=markdown&id={id}")).await;
    assert!(markdown.header("content-type").starts_with("text/markdown"));
    let text = markdown.text();
    assert!(text.contains("# On <b>ice</b>\n") && text.contains("\nIt *melts*.\n"), "{text}");
    assert!(text.contains("\n> First text\n") && !text.contains("Second"), "{text}");
    problem(&client.get("/api/export?id=nobody").await, 404, "not_found");
    let refused = client.get("/api/export?format=pdf").await;
    assert_eq!(problem(&refused, 422, "invalid_field")["field"], "format");
}

#[tokio::test]
async fn a_broken_file_is_named_by_entry_and_leaves_nothing() {
    let server = builtin().await;
    let client = server.client();
    run(client, "The first text.").await;
    run(client, "The second text.").await;
    let file = client.get("/api/export").await.json();
    wipe(client).await;

    let mut broken = file.clone();
    broken["entries"][0]["log"] = json!("id: 1\nevent: started\ndata: {}\n\n");
    broken["entries"][1]["snapshot"]["document"]["title"] = json!("Another title");
    let second = file["entries"][1]["snapshot"]["id"].clone();
    let body = problem(&import(client, &broken.to_string()).await, 422, "invalid_field");
    let faults = body["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 2, "{body}");
    assert_eq!((&faults[0]["entry"], &faults[1]["entry"]), (&json!(0), &json!(1)));
    assert_eq!(faults[1]["id"], second);
    assert!(faults[1]["detail"].as_str().unwrap().contains("does not add up"), "{body}");

    let mut wrong = file.clone();
    wrong["entries"][1]["text"] = json!(7);
    let body = problem(&import(client, &wrong.to_string()).await, 422, "invalid_field");
    assert!(body["faults"][0]["detail"].as_str().unwrap().contains("text"), "{body}");
    for (file, said) in [
        ("{\"format\":\"unspool\",\"version\":1,\"entries\":[", "line 1"),
        ("[]", "an object that"),
        ("{\"entries\":[]}", "`format`"),
        ("{\"format\":\"unspool\",\"version\":99,\"entries\":[]}", "`version`"),
        ("{\"format\":\"unspool\",\"version\":1}", "entries"),
    ] {
        let body = problem(&import(client, file).await, 400, "malformed_body");
        assert!(body["detail"].as_str().unwrap().contains(said), "{body}");
    }
    assert_eq!(client.get("/api/generations").await.json()["generations"], json!([]));
    assert_eq!(import(client, &file.to_string()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_file_may_be_larger_than_any_other_body_up_to_its_own_limit() {
    let server = launch()
        .flag("provider", "builtin")
        .flag("max-input-bytes", "4096")
        .flag("max-import-bytes", "65536")
        .start()
        .await;
    let client = server.client();
    for number in 0..4 {
        run(client, &format!("Text {number}. {}", "It melts slowly. ".repeat(150))).await;
    }
    let file = client.get("/api/export").await.text();
    assert!((8_192..65_536).contains(&file.len()), "{}", file.len());
    wipe(client).await;
    assert_eq!(import(client, &file).await.status, StatusCode::OK);
    let padded = format!("{}{file}", " ".repeat(65_536));
    problem(&import(client, &padded).await, 413, "too_large");
}
