use serde_json::{Value, json};

use super::{answer, ask, conversation, entitle, send, text};
use crate::stage::{played, problem};

fn titles(list: &Value) -> Vec<&str> {
    let conversations = list["conversations"].as_array().unwrap();
    conversations.iter().map(|listed| text(listed, "title")).collect()
}

#[tokio::test]
async fn conversations_are_listed_and_found() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let mut ids = Vec::new();
    for question in ["About ÄPFEL?", "About pears?", "About plums?"] {
        let turn = ask(client, question).await;
        ids.push(text(&turn, "conversation_id").to_owned());
        answer(&mut upstream, "Yes.").await;
        entitle(&mut upstream, &format!("On {}", &question[6..])).await;
    }
    let list = async |query: &str| client.get(&format!("/api/conversations{query}")).await.json();
    let until_titled = async || loop {
        let found = list("").await;
        if titles(&found).iter().all(|title| title.starts_with("On ")) {
            return found;
        }
    };
    let all = until_titled().await;
    assert_eq!(titles(&all), ["On plums?", "On pears?", "On ÄPFEL?"]);
    assert!(all["next"].is_null());
    // Whoever is spoken to comes first.
    let turn = send(client, &json!({"content": "Quince, too?", "conversation_id": ids[0]})).await;
    let all = list("").await;
    assert_eq!(titles(&all), ["On ÄPFEL?", "On plums?", "On pears?"]);
    assert_eq!(all["conversations"][0]["reply_id"], turn["reply_id"]);
    assert!(all["conversations"][1]["reply_id"].is_null());
    answer(&mut upstream, "Yes.").await;
    for (query, found) in [
        ("?query=%C3%A4pfel", &["On ÄPFEL?"][..]),
        ("?query=QUINCE", &["On ÄPFEL?"]),
        ("?query=about", &["On ÄPFEL?", "On plums?", "On pears?"]),
        ("?query=cherries", &[]),
    ] {
        assert_eq!(titles(&list(query).await), found, "{query}");
    }
    let first = list("?limit=2").await;
    assert_eq!(titles(&first), ["On ÄPFEL?", "On plums?"]);
    let next = text(&first, "next");
    assert_eq!(titles(&list(&format!("?limit=2&before={next}")).await), ["On pears?"]);
    for wrong in ["?limit=0", "?limit=101", "?before=x"] {
        problem(&client.get(&format!("/api/conversations{wrong}")).await, 422, "invalid_field");
    }
}

#[tokio::test]
async fn messages_come_by_pages() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "0?").await;
    let id = text(&turn, "conversation_id");
    answer(&mut upstream, "0.").await;
    entitle(&mut upstream, "Numbers").await;
    for number in 1..4 {
        let body = json!({"content": format!("{number}?"), "conversation_id": id});
        let mut sent = client.post("/api/conversations/send", &body).await;
        while sent.status == 409 {
            sent = client.post("/api/conversations/send", &body).await;
        }
        answer(&mut upstream, &format!("{number}.")).await;
    }
    let contents = |page: &Value| -> Vec<String> {
        let messages = page["messages"].as_array().unwrap();
        messages.iter().map(|message| text(message, "content").to_owned()).collect()
    };
    let path = format!("/api/conversations/{id}?limit=3");
    let last = loop {
        let page = client.get(&path).await.json();
        if page["messages"][2]["status"] == "completed" {
            break page;
        }
    };
    assert_eq!(contents(&last), ["2.", "3?", "3."]);
    let earlier = client.get(&format!("{path}&before={}", text(&last, "next"))).await.json();
    assert_eq!(contents(&earlier), ["1?", "1.", "2?"]);
    let first = client.get(&format!("{path}&before={}", text(&earlier, "next"))).await.json();
    assert_eq!(contents(&first), ["0?", "0."]);
    assert!(first["next"].is_null());
    assert_eq!(contents(&conversation(client, id).await).len(), 8);
    for wrong in ["?limit=0", "?limit=1001", "?before=x"] {
        let refused = client.get(&format!("/api/conversations/{id}{wrong}")).await;
        problem(&refused, 422, "invalid_field");
    }
}
