use http::{Method, StatusCode};
use serde_json::{Value, json};
use test_support::{Client, sse::Message};

use super::{
    ALL, answer, ask, change, ends, entitle, finish, follow, names, send, stream_of, text,
};
use crate::stage::{played, problem};

/// The events, with neighbouring chunks of a reply joined: a viewer who is behind gets fewer.
fn joined(messages: &[Message]) -> Vec<(String, Value)> {
    let mut joined: Vec<(String, Value)> = Vec::new();
    for message in messages {
        let data = message.json();
        match joined.last_mut() {
            Some((name, last))
                if name == "ai_response_chunk"
                    && message.event == *name
                    && last["message_id"] == data["message_id"] =>
            {
                last["content"] =
                    format!("{}{}", text(last, "content"), text(&data, "content")).into();
            }
            _ => joined.push((message.event.clone(), data)),
        }
    }
    joined
}

/// Two turns in one conversation, with a title between: all that a stream of one carries.
async fn two_turns(
    client: Client,
    upstream: &mut test_support::Upstream,
) -> (String, Vec<Message>) {
    let turn = ask(client, "One?").await;
    let id = text(&turn, "conversation_id").to_owned();
    let mut stream = follow(client, text(&turn, "events"), None).await;
    let mut exchange = upstream.next().await;
    let mut seen = Vec::new();
    for piece in ["Two", " is", " more."] {
        exchange.text(piece).await;
        seen.extend(stream.until(|message| message.event == "ai_response_chunk").await);
    }
    finish(exchange).await;
    seen.extend(stream.until(ends).await);
    entitle(upstream, "Counting").await;
    seen.extend(stream.until(|message| message.event == "title").await);
    send(client, &json!({"content": "Three?", "conversation_id": id})).await;
    answer(upstream, "Four.").await;
    seen.extend(stream.until(ends).await);
    (id, seen)
}

#[tokio::test]
async fn every_id_resumes_exactly_behind_its_frame_also_after_a_restart() {
    let (server, mut upstream) = played().await;
    let (id, seen) = two_turns(server.client(), &mut upstream).await;
    let server = server.kill().await.start().await;
    let client = server.client();
    for (place, message) in seen.iter().enumerate().take(seen.len() - 1) {
        for by_header in [true, false] {
            let mut stream = if by_header {
                follow(client, &stream_of(&id), Some(&message.id)).await
            } else {
                let path = format!("{}?after={}", stream_of(&id), message.id);
                follow(client, &path, None).await
            };
            let mut rest = stream.until(|found| found.id == seen[seen.len() - 1].id).await;
            let connected = rest.remove(0);
            assert_eq!((connected.event.as_str(), &connected.id), ("connected", &message.id));
            assert_eq!(joined(&rest), joined(&seen[place + 1..]), "behind {}", message.id);
        }
    }
}

#[tokio::test]
async fn one_stream_resumes_while_several_replies_are_written() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let mut witness = follow(client, ALL, None).await;
    let mut seen = vec![witness.next().await.unwrap()];
    let mut exchanges = Vec::new();
    for question in ["A?", "B?", "C?"] {
        ask(client, question).await;
        exchanges.push(upstream.next().await);
    }
    for piece in ["a", "b", "c"] {
        for exchange in &mut exchanges {
            exchange.text(piece).await;
        }
    }
    while super::chunks_of_all(&seen).len() < 9 {
        seen.push(witness.next().await.unwrap());
    }
    for exchange in exchanges {
        finish(exchange).await;
        entitle(&mut upstream, "A title").await;
    }
    let is_last =
        |messages: &[Message]| names(messages).iter().filter(|name| **name == "title").count() == 3;
    while !is_last(&seen) {
        seen.push(witness.next().await.unwrap());
    }
    let by_reply = |messages: &[Message], id: &Value| -> Vec<(String, Value)> {
        let of = |message: &&Message| message.json()["conversation_id"] == *id;
        joined(&messages.iter().filter(of).cloned().collect::<Vec<_>>())
    };
    for (place, message) in seen.iter().enumerate() {
        let mut stream = follow(client, ALL, Some(&message.id)).await;
        let mut rest = vec![stream.next().await.unwrap()];
        let titles =
            |messages: &[Message]| names(messages).iter().filter(|name| **name == "title").count();
        while titles(&rest) < titles(&seen[place + 1..]) {
            rest.push(stream.next().await.unwrap());
        }
        // Ended replies are told one after the other: what is kept is the order of each.
        for asked in seen.iter().filter(|message| message.event == "user_message") {
            let id = &asked.json()["conversation_id"];
            assert_eq!(
                by_reply(&rest, id),
                by_reply(&seen[place + 1..], id),
                "behind {}: {rest:?}",
                message.id
            );
        }
    }
}

#[tokio::test]
async fn an_id_that_is_none_of_ours_is_refused() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let (id, seen) = two_turns(client, &mut upstream).await;
    let all = text(&super::conversation(client, &id).await, "cursor").to_owned();
    for wrong in ["", "7", "abc", "1a", "1x3", "1a01", "1a99999", "1a3-2.999", "1a3-3.1-2.1", "é"]
    {
        for path in [stream_of(&id), ALL.to_owned()] {
            let stream = client.open(&path, &[("last-event-id", wrong)]).await;
            assert_eq!(stream.status(), StatusCode::BAD_REQUEST, "{path} behind {wrong:?}");
            let answer = client.get(&format!("{path}?after={wrong}")).await;
            assert_eq!(problem(&answer, 400, "invalid_parameter")["field"], "after");
        }
    }
    // What says nothing of the other conversations does not do for all of them.
    let stream = client.open(ALL, &[("last-event-id", &seen[0].id)]).await;
    assert_eq!(stream.status(), StatusCode::BAD_REQUEST);
    follow(client, &stream_of(&id), Some(&all)).await;
}

/// A browser that comes back sends the header, to the address that it was given.
#[tokio::test]
async fn the_header_counts_where_there_are_both() {
    let (server, mut upstream) = played().await;
    let (id, seen) = two_turns(server.client(), &mut upstream).await;
    let path = format!("{}?after={}", stream_of(&id), seen[0].id);
    let place = seen.len() - 2;
    let mut stream = follow(server.client(), &path, Some(&seen[place].id)).await;
    stream.next().await.unwrap();
    assert_eq!(stream.next().await.unwrap().event, seen[place + 1].event);
}

#[tokio::test]
async fn who_was_away_for_too_long_gets_snapshots_and_goes_on() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    let quiet = ask(client, "Quiet?").await;
    let mut held = upstream.next().await;
    held.text("Still ").await;
    let turn = ask(client, "Busy?").await;
    let gone = ask(client, "Gone?").await;
    let mut witness = follow(client, ALL, None).await;
    let chunk = witness.until(|message| message.event == "ai_response_chunk").await.pop().unwrap();
    let (id, gone_id) = (text(&turn, "conversation_id"), text(&gone, "conversation_id"));
    assert_eq!(client.delete(&format!("/api/conversations/{gone_id}")).await.status, 204);
    for number in 0..1_001 {
        let path = format!("/api/conversations/{id}");
        let title = json!({"title": format!("Title {number}")});
        assert_eq!(change(client, Method::PATCH, &path, &title).await.status, StatusCode::OK);
    }
    let mut stream = follow(client, ALL, Some(&chunk.id)).await;
    let opening = [(); 3].map(|()| ());
    let mut seen = Vec::new();
    for () in opening {
        seen.push(stream.next().await.unwrap());
    }
    assert_eq!(names(&seen), ["connected", "deleted", "snapshot"]);
    assert_eq!(seen[1].json()["conversation_id"], gone_id);
    assert_eq!(seen[2].json()["id"], id);
    assert_eq!(seen[2].json()["title"], "Title 1000");
    assert_eq!(seen[2].json()["messages"][1]["status"], "running");
    // The reply that was followed before, in a conversation where nothing else happened, goes on.
    held.text("here.").await;
    finish(held).await;
    let rest = stream.until(ends).await;
    let end = rest.last().unwrap().json();
    assert_eq!(end["message_id"], quiet["reply_id"]);
    assert_eq!(end["final_content"], "Still here.");
    assert_eq!(super::chunks(&rest, text(&quiet, "reply_id")), "here.");
    // Every snapshot can be resumed from.
    for message in &seen {
        let mut again = follow(client, ALL, Some(&message.id)).await;
        let found = again.until(ends).await;
        assert_eq!(found.last().unwrap().json()["final_content"], "Still here.");
    }
    // The same for one conversation.
    let mut one = follow(client, &stream_of(id), Some(&chunk.id)).await;
    one.next().await.unwrap();
    assert_eq!(one.next().await.unwrap().event, "snapshot");
}
