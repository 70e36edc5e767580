use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Piece, Script, within};

/// The head of a streamed response. With `connection: close`, as a connection serves one exchange only:
/// a client that reused it would send a request into a closing connection.
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
                       cache-control: no-cache\r\nconnection: close\r\n\
                       transfer-encoding: chunked\r\n\r\n";

/// A request to the provider, and the connection for its response.
///
/// Writing to a client that has disconnected does nothing. Dropping an exchange closes the connection.
#[derive(Debug)]
pub struct Exchange {
    /// The request's head: request line and headers.
    pub head: String,
    /// The request's body.
    pub body: Value,
    stream: TcpStream,
    is_open: bool,
}

impl Exchange {
    pub(crate) fn new(head: String, body: Value, stream: TcpStream) -> Self {
        Self { head, body, stream, is_open: false }
    }

    /// A header of the request. It is empty when the header is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut values = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value.trim())
    }

    /// Sends a piece of the model's text.
    pub async fn text(&mut self, text: &str) {
        self.piece(&Piece::Text(text.to_owned())).await;
    }

    /// Sends a piece of the model's reasoning.
    pub async fn reasoning(&mut self, text: &str) {
        self.piece(&Piece::Reasoning(text.to_owned())).await;
    }

    /// Sends the reason why the model stopped, such as `stop` or `length`.
    pub async fn finish(&mut self, reason: &str) {
        self.piece(&Piece::Finish(reason.to_owned())).await;
    }

    /// Sends how many tokens were read and written.
    pub async fn usage(&mut self, input: u64, output: u64) {
        self.piece(&Piece::Usage(input, output)).await;
    }

    /// Sends a line of JSON, as Ollama answers.
    pub async fn line(&mut self, line: &Value) {
        self.raw(format!("{line}\n").as_bytes()).await;
    }

    /// Sends a piece.
    pub async fn piece(&mut self, piece: &Piece) {
        self.raw(piece.frame().as_bytes()).await;
    }

    /// Sends these bytes as a part of the event stream. Returns whether the client is still connected.
    pub async fn raw(&mut self, bytes: &[u8]) -> bool {
        let mut sent = Vec::with_capacity(HEAD.len() + bytes.len() + 16);
        if !std::mem::replace(&mut self.is_open, true) {
            sent.extend_from_slice(HEAD.as_bytes());
        }
        sent.extend_from_slice(format!("{:x}\r\n", bytes.len()).as_bytes());
        sent.extend_from_slice(bytes);
        sent.extend_from_slice(b"\r\n");
        self.stream.write_all(&sent).await.is_ok()
    }

    /// Ends the stream as OpenAI does.
    pub async fn done(mut self) {
        self.raw(b"data: [DONE]\n\n").await;
        let _ = self.stream.write_all(b"0\r\n\r\n").await;
    }

    /// Sends the whole document at once and ends the stream.
    pub async fn answer(mut self, title: &str, summary: &str) {
        for piece in Script::document(title, summary, usize::MAX).pieces {
            self.piece(&piece).await;
        }
        self.done().await;
    }

    /// Closes the connection without ending the stream.
    pub fn close(self) {
        drop(self);
    }

    /// Responds with a status and a JSON body.
    pub async fn refuse(self, status: u16, body: &Value) {
        self.page(status, "application/json", &body.to_string()).await;
    }

    /// Responds with any status, media type and body.
    pub async fn page(mut self, status: u16, content_type: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} Test\r\ncontent-type: {content_type}\r\n\
             connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let _ = self.stream.write_all(answer.as_bytes()).await;
    }

    /// Waits until the client has closed the connection.
    ///
    /// # Panics
    /// When it does not by the [`DEADLINE`](crate::DEADLINE).
    pub async fn closed(&mut self) {
        let mut bytes = [0; 512];
        let hung_up = async { while matches!(self.stream.read(&mut bytes).await, Ok(1..)) {} };
        within("the end of the connection to the provider", hung_up).await;
    }

    /// Responds with the pieces of a script.
    pub(crate) async fn play(mut self, script: &Script) {
        for piece in &script.pieces {
            if !script.pace.is_zero() {
                tokio::time::sleep(script.pace).await;
            }
            if !self.raw(piece.frame().as_bytes()).await {
                return;
            }
        }
        self.done().await;
    }
}
