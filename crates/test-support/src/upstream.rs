use std::{net::SocketAddr, sync::Arc};

use serde_json::{Value, json};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};

use crate::{Exchange, Script, within};

/// How many requests may wait for a test to take them.
const WAITING: usize = 64;

/// The longest request in bytes.
const REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// Where it is asked for answers: in OpenAI's dialect, and in Ollama's.
const PATHS: [&str; 2] = ["/v1/chat/completions", "/api/chat"];

/// A provider with OpenAI's API, or Ollama's by [`Exchange::line`], whose responses the test decides.
/// Dropping it closes its port.
#[derive(Debug)]
pub struct Upstream {
    address: SocketAddr,
    requests: mpsc::Receiver<Exchange>,
    accepting: JoinHandle<()>,
}

impl Upstream {
    /// A provider whose requests wait until the test takes them with [`next`](Self::next).
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start() -> Self {
        Self::serve(None).await
    }

    /// A provider that responds to every request with this script.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn playing(script: Script) -> Self {
        Self::serve(Some(Arc::new(script))).await
    }

    /// A llama.cpp whose context has so many tokens, of which each is four bytes of the text. Its
    /// requests wait as those of [`start`](Self::start) do.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn llamacpp(context_tokens: u64) -> Self {
        Self::serve_as(None, Some(context_tokens)).await
    }

    async fn serve(script: Option<Arc<Script>>) -> Self {
        Self::serve_as(script, None).await
    }

    async fn serve_as(script: Option<Arc<Script>>, llamacpp: Option<u64>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let Ok((listener, address)) =
            listener.and_then(|listener| listener.local_addr().map(|address| (listener, address)))
        else {
            panic!("no port for the provider");
        };
        let (sender, requests) = mpsc::channel(WAITING);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, sender.clone(), script.clone(), llamacpp));
            }
        });
        Self { address, requests, accepting }
    }

    /// The value for `UNSPOOL_BASE_URL`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The next request.
    ///
    /// # Panics
    /// When none comes by the [`DEADLINE`](crate::DEADLINE).
    pub async fn next(&mut self) -> Exchange {
        match within("a request to the provider", self.requests.recv()).await {
            Some(exchange) => exchange,
            None => panic!("the provider has been closed"),
        }
    }

    /// The next request, if one has arrived already.
    pub fn waiting(&mut self) -> Option<Exchange> {
        self.requests.try_recv().ok()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Reads the one request of a connection, and responds or passes it to the test.
async fn take(
    mut stream: TcpStream,
    sender: mpsc::Sender<Exchange>,
    script: Option<Arc<Script>>,
    llamacpp: Option<u64>,
) {
    let _ = stream.set_nodelay(true);
    let Some((head, body)) = read(&mut stream).await else { return };
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let exchange = Exchange::new(head, body, stream);
    if let Some(said) = llamacpp.and_then(|context| of_llamacpp(&exchange, context)) {
        exchange.page(200, "application/json", &said.to_string()).await;
    } else if exchange.head.starts_with("GET /v1/models ") {
        let models = json!({"object": "list", "data": [{"id": "test-model", "object": "model"}]});
        exchange.page(200, "application/json", &models.to_string()).await;
    } else if !PATHS.iter().any(|path| exchange.head.starts_with(&format!("POST {path} "))) {
        exchange.refuse(404, &json!({"error": {"message": "no such route"}})).await;
    } else if let Some(script) = script {
        exchange.play(&script).await;
    } else {
        let _ = sender.send(exchange).await;
    }
}

/// What llama.cpp says of itself beside answers.
fn of_llamacpp(exchange: &Exchange, context_tokens: u64) -> Option<Value> {
    let asks = |line: &str| exchange.head.starts_with(line);
    if asks("GET /v1/models ") {
        let model = json!({"id": "test-model", "object": "model", "owned_by": "llamacpp"});
        return Some(json!({"object": "list", "data": [model]}));
    }
    if asks("GET /props ") {
        let settings = json!({"n_ctx": context_tokens});
        return Some(json!({"default_generation_settings": settings, "total_slots": 2}));
    }
    if asks("POST /tokenize ") {
        let bytes = exchange.body["content"].as_str().unwrap_or_default().len();
        return Some(json!({"tokens": vec![1; bytes.div_ceil(4)]}));
    }
    None
}

/// Reads a request's head and its body, whose length must be in `content-length`.
async fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let whole = end + 4 + content_length(&head);
            if bytes.len() >= whole {
                bytes.truncate(whole);
                return Some((head, bytes.split_off(end + 4)));
            }
        }
        if bytes.len() > REQUEST_BYTES || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn content_length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or_default()
}
