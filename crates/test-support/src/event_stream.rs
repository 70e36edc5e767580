use std::{collections::VecDeque, fmt};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::{
    DEADLINE, Late,
    sse::{Item, Message, Parser},
};

/// How many bytes of a stream's beginning are kept.
const RECEIVED_BYTES: usize = 16 * 1024;

/// An open event stream, which is parsed as the WHATWG standard says. Dropping it closes its connection.
pub struct EventStream {
    path: String,
    head: Response<()>,
    body: Incoming,
    parser: Parser,
    ready: VecDeque<Message>,
    comments: u64,
    broken: bool,
    received: Vec<u8>,
}

impl EventStream {
    pub(crate) fn new(path: &str, response: Response<Incoming>) -> Self {
        let (head, body) = response.into_parts();
        Self {
            path: path.to_owned(),
            head: Response::from_parts(head, ()),
            body,
            parser: Parser::default(),
            ready: VecDeque::new(),
            comments: 0,
            broken: false,
            received: Vec::new(),
        }
    }

    /// The response's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status()
    }

    /// The response's headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.head.headers()
    }

    /// A header as text. It is empty when the header is missing or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id that a browser would reconnect with.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.parser.last_event_id()
    }

    /// How many comment lines were read.
    #[must_use]
    pub fn heartbeats(&self) -> u64 {
        self.comments
    }

    /// Whether the connection broke before the response was complete.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The first 16 KiB of the body.
    #[must_use]
    pub fn received(&self) -> &[u8] {
        &self.received
    }

    /// The next message; `None` when the stream has ended or the connection has broken.
    ///
    /// # Errors
    /// [`Late`] when neither happens by the deadline.
    pub async fn advance(&mut self) -> Result<Option<Message>, Late> {
        match timeout(DEADLINE, self.read()).await {
            Ok(message) => Ok(message),
            Err(_) => Err(Late(format!("the next message of {}", self.path))),
        }
    }

    /// The next message; `None` when the stream has ended or the connection has broken.
    ///
    /// # Panics
    /// When neither happens by the deadline.
    pub async fn next(&mut self) -> Option<Message> {
        match self.advance().await {
            Ok(message) => message,
            Err(late) => panic!("{late}; received so far: {}", self.tail()),
        }
    }

    /// Every message up to the end of the stream.
    ///
    /// # Panics
    /// When the connection breaks, or when no message comes for the deadline.
    pub async fn rest(&mut self) -> Vec<Message> {
        let mut messages = Vec::new();
        while let Some(message) = self.next().await {
            messages.push(message);
        }
        assert!(!self.broken, "{} broke; received so far: {}", self.path, self.tail());
        messages
    }

    /// Reads up to the first message for which `found` holds, and returns all messages up to it.
    ///
    /// # Panics
    /// When the stream ends before, or when no message comes for the deadline.
    pub async fn until(&mut self, mut found: impl FnMut(&Message) -> bool) -> Vec<Message> {
        let mut messages = Vec::new();
        loop {
            let Some(message) = self.next().await else {
                panic!("{} ended early; received: {}", self.path, self.tail());
            };
            let is_last = found(&message);
            messages.push(message);
            if is_last {
                return messages;
            }
        }
    }

    /// Reads until the next comment line.
    ///
    /// # Panics
    /// When none comes by the deadline.
    pub async fn heartbeat(&mut self) {
        let before = self.comments;
        while self.comments == before {
            self.fill_for("heartbeat").await;
        }
    }

    /// Reads until there is an id to reconnect with, and returns it.
    ///
    /// # Panics
    /// When there is none by the deadline.
    pub async fn first_id(&mut self) -> String {
        while self.last_event_id().is_empty() {
            self.fill_for("id").await;
        }
        self.last_event_id().to_owned()
    }

    async fn fill_for(&mut self, what: &str) {
        let read = timeout(DEADLINE, self.fill()).await;
        assert_eq!(read, Ok(true), "{}: no {what}; received: {}", self.path, self.tail());
    }

    async fn read(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    /// Reads some bytes. Returns whether there were any.
    async fn fill(&mut self) -> bool {
        let bytes = match self.body.frame().await {
            None => return false,
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            Some(Err(_)) => {
                self.broken = true;
                return false;
            }
        };
        self.take(&bytes);
        true
    }

    fn take(&mut self, bytes: &Bytes) {
        let room = RECEIVED_BYTES - self.received.len();
        self.received.extend(bytes.iter().take(room));
        let (ready, comments) = (&mut self.ready, &mut self.comments);
        self.parser.feed(bytes, &mut |item| match item {
            Item::Message(message) => ready.push_back(message),
            Item::Comment(_) => *comments += 1,
        });
    }

    fn tail(&self) -> String {
        let from = self.received.len().saturating_sub(2000);
        String::from_utf8_lossy(&self.received[from..]).into_owned()
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("path", &self.path)
            .field("status", &self.status())
            .field("received", &self.tail())
            .finish_non_exhaustive()
    }
}
