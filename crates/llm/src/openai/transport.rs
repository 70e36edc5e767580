use std::time::Duration;

use async_openai::types::chat::CreateChatCompletionRequest;
use futures::StreamExt;
use http::header::{CONTENT_TYPE, HeaderValue};
use reqwest::Response;
use tokio::time::timeout;

use super::client::cause;
use super::endpoint::Endpoint;
use super::refusal::Refusal;
use crate::ErrorKind;

/// How much of a refusal is read, in bytes, and how long it may take to come.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;
const REFUSAL_DEADLINE: Duration = Duration::from_secs(5);

/// Sends the requests of one endpoint, and judges what comes back.
#[derive(Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    endpoint: Endpoint,
    silence: Duration,
}

impl Transport {
    pub(super) fn new(http: reqwest::Client, endpoint: Endpoint, silence: Duration) -> Self {
        Self { http, endpoint, silence }
    }

    /// How long the endpoint may send not a single byte.
    pub(super) fn silence(&self) -> Duration {
        self.silence
    }

    /// Asks for a chat completion. The response is an event stream.
    pub(super) async fn post(
        &self,
        request: &CreateChatCompletionRequest,
    ) -> Result<Response, Refusal> {
        let request = self.http.post(self.endpoint.chat_completions()).json(request);
        let request = request.headers(self.endpoint.headers().clone());
        let Ok(sent) = timeout(self.silence, request.send()).await else {
            let detail = format!("silent for {:?} before its answer", self.silence);
            return Err(Refusal::new(ErrorKind::Silent, detail));
        };
        let response = sent.map_err(|error| {
            let unreachable = error.is_connect();
            let kind = if unreachable { ErrorKind::Unreachable } else { ErrorKind::Broken };
            Refusal::new(kind, cause(&error))
        })?;
        self.judge(response).await
    }

    async fn judge(&self, response: Response) -> Result<Response, Refusal> {
        let status = response.status();
        if !status.is_success() {
            let body = self.refusal(response).await;
            return Err(Refusal::of_status(status.as_u16(), &body));
        }
        let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if content_type.is_some_and(|text| text.starts_with(b"application/json")) {
            let body = self.refusal(response).await;
            return Err(Refusal::of_status(status.as_u16(), &body));
        }
        if content_type.is_some_and(|text| text.starts_with(b"text/html")) {
            return Err(Refusal::new(ErrorKind::Broken, "answered with a web page"));
        }
        Ok(response)
    }

    /// The beginning of a refusal, as far as it comes in time.
    async fn refusal(&self, response: Response) -> Vec<u8> {
        let mut bytes = response.bytes_stream();
        let mut body = Vec::new();
        let read = async {
            while let Some(Ok(piece)) = bytes.next().await {
                let room = MAX_REFUSAL_BYTES - body.len();
                body.extend(piece.iter().take(room));
                if body.len() == MAX_REFUSAL_BYTES {
                    break;
                }
            }
        };
        let _ = timeout(REFUSAL_DEADLINE.min(self.silence), read).await;
        body
    }
}
