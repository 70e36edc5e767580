use crate::stage::{begin, fold, last, played};

#[tokio::test]
async fn what_a_reader_saw_is_there_after_a_kill() {
    let (server, mut upstream) = played().await;
    let mut readers = Vec::new();
    for _ in 0..4 {
        let (id, exchange) = begin(server.client(), &mut upstream).await;
        readers.push((id.clone(), exchange, server.client().follow(&id, 0).await, Vec::new()));
    }
    for piece in ["{\"title\": \"Ice", " and fish\"", ", \"summary\": \"It", " froze"] {
        for (_, exchange, stream, seen) in &mut readers {
            exchange.text(piece).await;
            seen.extend(stream.until(|message| message.event.starts_with("field_")).await);
        }
    }
    let server = server.kill().await.start().await;
    for (id, _, _, seen) in readers {
        let messages = server.client().follow(&id, 0).await.rest().await;
        let events = |messages: &[test_support::sse::Message]| -> Vec<_> {
            messages.iter().map(|m| (m.id.clone(), m.event.clone(), m.data.clone())).collect()
        };
        assert_eq!(events(&messages)[..seen.len()], events(&seen)[..]);
        let ids: Vec<_> = messages.iter().map(test_support::sse::Message::number).collect();
        assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>(), "no holes");
        let failed = last(&messages, "failed");
        assert_eq!((&failed["code"], &failed["retryable"]), (&"interrupted".into(), &true.into()));
        let snapshot = server.client().snapshot(&id).await;
        assert_eq!(snapshot["status"], "failed");
        assert_eq!(&snapshot["document"], fold(&messages).root());
        assert_eq!(snapshot["cursor"], messages.len());
    }
}

#[tokio::test]
async fn a_reader_goes_on_from_its_cursor_after_a_kill() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = server.client().follow(&id, 0).await;
    exchange.text("{\"title\": \"Ice").await;
    let seen = stream.until(|message| message.event == "field_delta").await;
    let server = server.kill().await.start().await;
    assert!(stream.next().await.is_none());
    assert!(stream.is_broken(), "an answer that ended well would not be asked for again");
    let after = seen.last().unwrap().number();
    let rest = server.client().follow(&id, after).await.rest().await;
    assert_eq!(rest[0].number(), after + 1);
    assert!(rest.iter().all(|message| ["checkpoint", "failed"].contains(&&*message.event)));
    last(&rest, "failed");
}

#[tokio::test]
async fn the_past_outlives_restarts() {
    let server = crate::stage::builtin().await;
    let (id, messages) = crate::stage::run(server.client()).await;
    let snapshot = server.client().snapshot(&id).await;
    let server = server.kill().await.start().await;
    assert_eq!(server.client().snapshot(&id).await, snapshot);
    assert_eq!(server.client().follow(&id, 0).await.rest().await, messages);
}
