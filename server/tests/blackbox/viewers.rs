use futures::future::join_all;

use crate::stage::{assert_rest, begin, is_text_of, last, played};

#[tokio::test]
async fn any_number_of_viewers_see_the_same_events() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let client = server.client();
    let mut viewers = join_all((0..12).map(|_| client.follow(&id, 0))).await;
    exchange.text("{\"title\":\"Ice").await;
    for viewer in &mut viewers {
        viewer.until(|message| message.event == "field_delta").await;
    }
    exchange.text(" and fish\",\"summary\":\"It froze.\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    let whole = client.follow(&id, 0).await.rest().await;
    for viewer in &mut viewers {
        let after = viewer.last_event_id().parse().unwrap();
        assert_rest(&whole, after, &viewer.rest().await);
    }
}

#[tokio::test]
async fn a_generation_outlives_its_viewers() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut viewer = server.client().follow(&id, 0).await;
    exchange.text("{\"title\":\"Ice\",\"summary\":\"It").await;
    viewer.until(|message| is_text_of(message, "/summary")).await;
    drop(viewer);
    exchange.text(" froze.\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    last(&messages, "completed");
    assert_eq!(server.client().snapshot(&id).await["document"]["summary"], "It froze.");
}

#[tokio::test]
async fn a_viewer_that_reads_nothing_delays_nobody() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut asleep = server.client().follow(&id, 0).await;
    let mut awake = server.client().follow(&id, 0).await;
    exchange.text("{\"title\":\"Ice\",\"summary\":\"").await;
    let page = "0123456789".repeat(5_000);
    for _ in 0..160 {
        exchange.text(&page).await;
    }
    exchange.text("\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    last(&awake.rest().await, "completed");
    let messages = asleep.rest().await;
    last(&messages, "completed");
    assert_eq!(crate::stage::fold(&messages).text("summary").unwrap().len(), 8_000_000);
}
