//! The dialects of others' clients: the AI SDK's and AG-UI's.

use serde_json::{Value, json};
use test_support::sse::Message;

use crate::stage::{begin, builtin, played, run};

/// The parts of an answer that thinks first.
async fn parts(dialect: &str) -> (String, Vec<Message>) {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    exchange.reasoning("Cold. ").await;
    exchange.reasoning("Ice.").await;
    exchange.answer("Ice", "It froze.").await;
    let path = format!("/api/generations/{id}/{dialect}");
    let messages = server.client().open(&path, &[]).await.rest().await;
    (id, messages)
}

fn kinds(messages: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = messages.iter().filter_map(|it| it["type"].as_str()).collect();
    kinds.dedup();
    kinds
}

fn joined(messages: &[Value], member: &str, id: &str) -> String {
    let of = messages.iter().filter(|message| message[member] == id);
    of.filter_map(|message| message["delta"].as_str()).collect()
}

#[tokio::test]
async fn ui_messages_are_texts_thoughts_and_the_document() {
    let (id, messages) = parts("ui-messages").await;
    assert_eq!(messages.last().unwrap().data, "[DONE]");
    let parts: Vec<Value> = messages[..messages.len() - 1].iter().map(Message::json).collect();
    assert_eq!(
        kinds(&parts),
        [
            "start",
            "start-step",
            "reasoning-start",
            "reasoning-delta",
            "reasoning-end",
            "text-start",
            "text-delta",
            "text-end",
            "text-start",
            "text-delta",
            "text-end",
            "data-document",
            "finish-step",
            "finish",
        ]
    );
    assert_eq!(parts[0]["messageId"], id);
    assert_eq!(joined(&parts, "id", "reasoning"), "Cold. Ice.");
    assert_eq!(joined(&parts, "id", "/title"), "Ice");
    assert_eq!(joined(&parts, "id", "/summary"), "It froze.");
    let document = &parts[parts.len() - 3]["data"];
    assert_eq!(*document, json!({"title": "Ice", "summary": "It froze."}));
    assert_eq!(parts.last().unwrap()["finishReason"], "stop");
}

#[tokio::test]
async fn ag_ui_events_are_a_run_with_messages_and_a_state() {
    let (id, messages) = parts("ag-ui").await;
    let events: Vec<Value> = messages.iter().map(Message::json).collect();
    assert_eq!(
        kinds(&events),
        [
            "RUN_STARTED",
            "STATE_SNAPSHOT",
            "CUSTOM",
            "REASONING_START",
            "REASONING_MESSAGE_START",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_MESSAGE_END",
            "REASONING_END",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "STATE_DELTA",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "STATE_DELTA",
            "RUN_FINISHED",
        ]
    );
    assert_eq!(joined(&events, "messageId", &format!("{id}/summary")), "It froze.");
    let mut state = json!({});
    for event in events.iter().filter(|event| event["type"] == "STATE_DELTA") {
        let patch: json_patch::Patch = serde_json::from_value(event["delta"].clone()).unwrap();
        json_patch::patch(&mut state, &patch).unwrap();
    }
    assert_eq!(state, json!({"title": "Ice", "summary": "It froze."}));
    assert_eq!(events.last().unwrap()["result"]["document"], state);
}

#[tokio::test]
async fn both_go_on_after_any_id() {
    let server = builtin().await;
    let (id, log) = run(server.client()).await;
    for dialect in ["ui-messages", "ag-ui"] {
        let path = format!("/api/generations/{id}/{dialect}");
        let whole = server.client().open(&path, &[]).await.rest().await;
        for message in whole.iter().filter(|message| !message.id.is_empty()) {
            let seen = message.number();
            if seen as usize == log.len() {
                continue;
            }
            let headers = [("last-event-id", message.id.as_str())];
            let rest = server.client().open(&path, &headers).await.rest().await;
            let at = whole.iter().position(|other| other.id == message.id).unwrap();
            // What is replayed may come in larger pieces.
            let text = |messages: &[Message]| -> String {
                let deltas = messages.iter().filter(|message| message.data != "[DONE]");
                let deltas = deltas.map(Message::json);
                deltas.filter_map(|it| it["delta"].as_str().map(str::to_owned)).collect()
            };
            assert_eq!(text(&rest), text(&whole[at + 1..]), "{dialect} after {seen}");
        }
        let end = log.len().to_string();
        let ended = server.client().open(&path, &[("last-event-id", &end)]).await;
        assert_eq!(ended.status().as_u16(), 204, "{dialect}");
    }
}

#[tokio::test]
async fn a_failure_and_a_stop_are_told_in_their_words() {
    for (stops, ui, ag_ui) in [(true, "abort", "RUN_FINISHED"), (false, "error", "RUN_ERROR")] {
        let (server, mut upstream) = played().await;
        let (id, mut exchange) = begin(server.client(), &mut upstream).await;
        exchange.text("{\"title\": \"Ice").await;
        if stops {
            server.client().post(&format!("/api/generations/{id}/stop"), &json!({})).await;
        } else {
            exchange.close();
        }
        server.client().follow(&id, 0).await.rest().await;
        let client = server.client();
        let read = async |dialect: &str| {
            client.open(&format!("/api/generations/{id}/{dialect}"), &[]).await.rest().await
        };
        let messages = read("ui-messages").await;
        assert_eq!(messages[messages.len() - 2].json()["type"], ui);
        let messages = read("ag-ui").await;
        assert_eq!(messages[messages.len() - 1].json()["type"], ag_ui);
        if stops {
            let is_end = |message: &Message| message.json()["type"] == "TEXT_MESSAGE_END";
            assert!(messages.iter().any(is_end), "a message is left open");
        }
    }
}
