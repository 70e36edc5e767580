use http::{Method, StatusCode};
use serde_json::json;

use super::{answer, ask, change, conversation, ends, entitle, follow, send, stream_of, text};
use crate::stage::{played, problem};

#[tokio::test]
async fn the_title_is_the_first_message_until_the_model_gives_one() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why did the harbour freeze?\nAnd when?").await;
    let id = text(&turn, "conversation_id");
    assert_eq!(conversation(client, id).await["title"], "Why did the harbour freeze?");
    let mut stream = follow(client, text(&turn, "events"), None).await;
    answer(&mut upstream, "Cold.").await;
    let seen = stream.until(ends).await;
    assert_eq!(seen[1].json()["title"], "Why did the harbour freeze?");
    // A title that is none leaves it, and the next turn asks again.
    answer(&mut upstream, "no JSON").await;
    send(client, &json!({"content": "So?", "conversation_id": id})).await;
    answer(&mut upstream, "So.").await;
    entitle(&mut upstream, "\"Ice\n in the harbour\"").await;
    let title = stream.until(|message| message.event == "title").await.pop().unwrap();
    assert_eq!(title.json()["title"], "Ice in the harbour");
    // Then it stays.
    send(client, &json!({"content": "And?", "conversation_id": id})).await;
    answer(&mut upstream, "Also.").await;
    stream.until(ends).await;
    send(client, &json!({"content": "Last?", "conversation_id": id})).await;
    assert_eq!(answer(&mut upstream, "Yes.").await["messages"][7]["content"], "Last?");
}

#[tokio::test]
async fn the_users_title_stays() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let turn = ask(client, "Why?").await;
    let id = text(&turn, "conversation_id");
    let mut stream = follow(client, &stream_of(id), None).await;
    answer(&mut upstream, "Cold.").await;
    stream.until(ends).await;
    // While the model is asked, the user gives one.
    let asked = upstream.next().await;
    let path = format!("/api/conversations/{id}");
    let title = json!({"title": "  Mine \n alone "});
    let changed = change(client, Method::PATCH, &path, &title).await;
    assert_eq!((changed.status, &changed.json()["title"]), (StatusCode::OK, &json!("Mine alone")));
    asked.answer("Theirs", "").await;
    send(client, &json!({"content": "And?", "conversation_id": id})).await;
    answer(&mut upstream, "So.").await;
    let seen = stream.until(ends).await;
    let titles: Vec<_> = seen.iter().filter(|message| message.event == "title").collect();
    assert_eq!(titles.len(), 1);
    assert_eq!(conversation(client, id).await["title"], "Mine alone");
    for wrong in [" ", "\u{200b}", &"x".repeat(201)] {
        let refused = change(client, Method::PATCH, &path, &json!({"title": wrong})).await;
        assert_eq!(problem(&refused, 422, "invalid_field")["field"], "title");
    }
}
