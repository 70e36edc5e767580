//! A server that says what it is told to, and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the server does on one connection once it has read the request.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// Sends these bytes, in pieces of these sizes in turn.
    Send(Vec<u8>, Vec<usize>),
    Wait(Duration),
    /// Says and does nothing more, with the connection open.
    Hang,
    /// Sends this so many times, as fast as it is taken. Never without end: a client that should
    /// stop reading and does not would fill the memory.
    Repeat(Vec<u8>, usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(crate) struct Upstream {
    pub(crate) base_url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Connections that the client has closed.
    closed: watch::Receiver<usize>,
    /// Bytes that were sent.
    sent: watch::Receiver<usize>,
}

impl Upstream {
    /// Plays the first of these on the first connection, and so on; the last one again and again.
    pub(crate) async fn playing(plays: Vec<Vec<Play>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (closing, closed) = watch::channel(0);
        let (sending, sent) = watch::channel(0);
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut plays = plays.into_iter();
            let mut last = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                last = plays.next().unwrap_or(last);
                let (play, closing, sending) = (last.clone(), closing.clone(), sending.clone());
                let request = read(&mut stream).await;
                log.lock().unwrap().push(request);
                tokio::spawn(async move {
                    perform(&mut stream, play, &sending).await;
                    closing.send_modify(|closed| *closed += 1);
                });
            }
        });
        Self { base_url, asked, closed, sent }
    }

    /// Sends these answers, one a connection.
    pub(crate) async fn sending<T: Into<Vec<u8>>>(answers: impl IntoIterator<Item = T>) -> Self {
        Self::playing(answers.into_iter().map(|answer| vec![send(answer)]).collect()).await
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until the client has closed a hanging connection.
    pub(crate) async fn closed(&mut self) {
        let closed = self.closed.wait_for(|closed| *closed > 0);
        tokio::time::timeout(Duration::from_secs(5), closed).await.expect("still open").unwrap();
    }

    /// Waits until nothing more is taken, and tells how much was.
    pub(crate) async fn stalled(&mut self) -> usize {
        let quiet = Duration::from_millis(500);
        while tokio::time::timeout(quiet, self.sent.changed()).await.is_ok() {}
        *self.sent.borrow()
    }
}

pub(crate) fn send(bytes: impl Into<Vec<u8>>) -> Play {
    Play::Send(bytes.into(), vec![usize::MAX])
}

/// An event stream without framing: it ends with the connection.
pub(crate) fn events(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{body}")
}

pub(crate) fn status(line: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {line}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}

/// A chunk that writes this text.
pub(crate) fn text(text: &str) -> String {
    let chunk = serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": text } }] });
    format!("data: {chunk}\n\n")
}

pub(crate) const STOP: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
pub(crate) const DONE: &str = "data: [DONE]\n\n";

async fn read(stream: &mut TcpStream) -> Asked {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..at].to_vec()).unwrap().to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let length = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= at + 4 + length {
                return Asked { head, body: String::from_utf8(bytes[at + 4..].to_vec()).unwrap() };
            }
        }
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request broke off");
    }
}

async fn perform(stream: &mut TcpStream, play: Vec<Play>, sending: &watch::Sender<usize>) {
    stream.set_nodelay(true).unwrap();
    for step in play {
        match step {
            Play::Send(bytes, sizes) => {
                let mut rest = bytes.as_slice();
                for size in sizes.iter().cycle() {
                    let (piece, left) = rest.split_at(rest.len().min(*size));
                    if stream.write_all(piece).await.is_err() || left.is_empty() {
                        break;
                    }
                    rest = left;
                    tokio::task::yield_now().await;
                }
            }
            Play::Wait(wait) => tokio::time::sleep(wait).await,
            Play::Hang => while stream.read(&mut [0; 64]).await.is_ok_and(|read| read > 0) {},
            Play::Repeat(bytes, times) => {
                for _ in 0..times {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                    sending.send_modify(|sent| *sent += bytes.len());
                }
            }
        }
    }
}
