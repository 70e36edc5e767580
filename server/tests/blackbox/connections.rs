use std::time::Duration;

use serde_json::Value;
use test_support::{Client, within};

use crate::stage::{begin, builtin, played};

/// Waits until the list of open streams is as wanted, and gives it.
pub(crate) async fn listed(client: Client, wanted: impl Fn(&Value) -> bool) -> Value {
    within("the list of connections", async {
        loop {
            let list = client.get("/connections").await.json();
            if wanted(&list) {
                return list;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// Waits until no stream is open.
pub(crate) async fn none_open(client: Client) {
    let list = listed(client, |list| list["active_connections"] == 0).await;
    assert_eq!(list["connections"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn open_streams_are_listed_and_those_that_leave_are_not() {
    let (server, mut upstream) = played().await;
    let client = server.client();
    none_open(client).await;
    let (id, mut exchange) = begin(client, &mut upstream).await;
    let mut viewer = client.follow(&id, 0).await;
    exchange.text("{\"title\": \"Ice").await;
    viewer.until(|message| message.event == "field_delta").await;
    let seen: u64 = viewer.last_event_id().parse().unwrap();
    let clock = client.open("/clock", &[]).await;

    let list = listed(client, |list| list["active_connections"] == 2).await;
    let entries = list["connections"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "{list}");
    assert_ne!(entries[0]["id"], entries[1]["id"]);
    assert_eq!(entries[0]["last_event_id"], seen, "{list}");
    let age = entries[0]["duration"].as_f64().unwrap();
    assert!(age > 0.0, "{list}");
    let older = |list: &Value| list["connections"][0]["duration"].as_f64() > Some(age);
    listed(client, older).await;

    drop(clock);
    let list = listed(client, |list| list["active_connections"] == 1).await;
    assert_eq!(list["connections"][0]["id"], entries[0]["id"]);
    exchange.text("\", \"summary\": \"It froze.\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    viewer.rest().await;
    none_open(client).await;
}

#[tokio::test]
async fn the_numbered_stream_is_listed_by_the_name_it_tells() {
    let server = builtin().await;
    let mut stream = server.client().open("/stream?count=8&delay=5&after=3", &[]).await;
    let name = stream.next().await.unwrap().json()["connection_id"].clone();
    stream.until(|message| message.number() == 4).await;
    let list = listed(server.client(), |list| list["connections"][0]["last_event_id"] == 4).await;
    assert_eq!(list["connections"][0]["id"], name);
}
