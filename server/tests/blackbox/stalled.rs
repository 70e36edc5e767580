use std::time::Duration;

use http::StatusCode;
use test_support::{Unspool, Upstream, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, sleep},
};

use crate::{
    connections::{listed, none_open},
    stage::{KEY, TEXT, begin, last, launch, played},
};

const STALL: Duration = Duration::from_secs(2);

/// The program, and a generation that is larger than what a connection's buffers take.
async fn large(stall: Duration) -> (Unspool, String) {
    let mut upstream = Upstream::start().await;
    let server = launch()
        .asking(&upstream, KEY)
        .flag("stall-ms", &stall.as_millis().to_string())
        .start()
        .await;
    let id = server.client().start(TEXT).await;
    let exchange = upstream.next().await;
    exchange.answer("Ice", &"0123456789".repeat(2_000_000)).await;
    last(&server.client().follow(&id, 0).await.rest().await, "completed");
    (server, id)
}

/// A client that asks for a stream, sees that it comes, and reads no more.
pub(crate) async fn asleep(server: &Unspool, path: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(32 * 1024).unwrap();
    let mut stream = socket.connect(server.address()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut beginning = [0; 12];
    within("an answer", stream.read_exact(&mut beginning)).await.unwrap();
    assert_eq!(&beginning, b"HTTP/1.1 200");
    stream
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_let_go_and_can_come_back() {
    let (server, id) = large(STALL).await;
    let client = server.client();
    let mut clock = client.open("/clock", &[]).await;
    let mut stream = asleep(&server, &format!("/api/generations/{id}/events")).await;
    listed(client, |list| list["active_connections"] == 1).await;
    clock.next().await.unwrap();
    drop(clock);
    none_open(client).await;

    let mut received = Vec::new();
    let _ = within("the end of the connection", stream.read_to_end(&mut received)).await;
    assert!(!received.ends_with(b"\r\n0\r\n\r\n"), "the answer was whole");
    last(&client.follow(&id, 1).await.rest().await, "completed");
}

#[tokio::test]
async fn a_client_that_reads_slowly_is_not_let_go() {
    let (server, id) = large(STALL).await;
    let mut stream = asleep(&server, &format!("/api/generations/{id}/events")).await;
    let began = Instant::now();
    let mut piece = vec![0; 16 * 1024];
    let mut received = 0;
    while began.elapsed() < 3 * STALL {
        sleep(Duration::from_millis(10)).await;
        let read = within("more of the stream", stream.read(&mut piece)).await.unwrap();
        assert!(read > 0, "the connection ended after {received} bytes");
        received += read;
    }
    // Far from the end: it was the server that had to wait.
    assert!(received < 15_000_000, "{received}");
    listed(server.client(), |list| list["active_connections"] == 1).await;
}

/// Whoever is told that this was all would not ask what became of the rest.
#[tokio::test]
async fn what_is_deleted_while_someone_reads_it_breaks_off() {
    let (server, id) = large(Duration::from_secs(60)).await;
    let path = format!("/api/generations/{id}");
    let mut stream = asleep(&server, &format!("{path}/events")).await;
    assert_eq!(server.client().delete(&path).await.status, StatusCode::NO_CONTENT);
    let mut received = Vec::new();
    let _ = within("the end of the connection", stream.read_to_end(&mut received)).await;
    assert!(received.len() < 20_000_000, "it was read before it was deleted");
    assert!(!received.ends_with(b"\r\n0\r\n\r\n"), "the answer was whole");
}

/// What a client costs that asks for `path` and reads nothing, in bytes.
#[cfg(target_os = "linux")]
async fn cost(server: &Unspool, path: &str) -> usize {
    const CLIENTS: usize = 200;
    // Whatever is needed once is there.
    drop(asleep(server, path).await);
    none_open(server.client()).await;
    let before = server.resident_bytes();
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(asleep(server, path).await);
    }
    server.resident_bytes().saturating_sub(before) / CLIENTS
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn clients_that_read_nothing_cost_little_memory() {
    let (server, id) = large(Duration::from_secs(60)).await;
    let each = cost(&server, &format!("/api/generations/{id}/events")).await;
    assert!(each < 300 * 1024, "{each} bytes each");
}

/// Each patch holds the whole text, and there are many of them.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn clients_that_read_no_patches_cost_little_memory() {
    let (server, mut upstream) = played().await;
    let (id, mut exchange) = begin(server.client(), &mut upstream).await;
    let mut stream = server.client().follow(&id, 0).await;
    exchange.text("{\"title\": \"").await;
    for _ in 0..140 {
        exchange.text(&"0123456789".repeat(13)).await;
        stream.until(|message| message.event == "field_delta").await;
    }
    exchange.text("\", \"summary\": \"It froze.\"}").await;
    exchange.finish("stop").await;
    exchange.done().await;
    last(&stream.rest().await, "completed");
    let each = cost(&server, &format!("/api/generations/{id}/patches")).await;
    assert!(each < 300 * 1024, "{each} bytes each");
}
