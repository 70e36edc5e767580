use test_support::Upstream;

use crate::stage::{KEY, begin, launch};

#[tokio::test]
async fn silence_is_broken_by_comments_that_say_nothing() {
    let mut upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).flag("heartbeat-ms", "25").start().await;
    let (id, exchange) = begin(server.client(), &mut upstream).await;
    let mut streams = [
        server.client().follow(&id, 1).await,
        server.client().open(&format!("/api/generations/{id}/patches?after=1"), &[]).await,
    ];
    for stream in &mut streams {
        stream.heartbeat().await;
        stream.heartbeat().await;
    }
    exchange.answer("Ice", "It froze.").await;
    for stream in &mut streams {
        assert_eq!(stream.rest().await.last().unwrap().event, "completed");
    }
}

#[tokio::test]
async fn helloworld_has_heartbeats_too() {
    let upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).flag("heartbeat-ms", "25").start().await;
    let mut stream = server.client().open("/helloworld?text=Hello", &[]).await;
    stream.next().await.unwrap();
    stream.heartbeat().await;
}
