use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use http::header::{CONTENT_TYPE, HeaderValue};
use reqwest::Response;
use tokio::time::timeout;

use super::body::Body;
use super::client::cause;
use super::flow::Flow;
use super::refusal::Refusal;
use crate::ErrorKind;

/// How much of a refusal is read, in bytes, and how long it may take to come.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;
const REFUSAL: Duration = Duration::from_secs(5);

/// Sends the request of one answer, and judges what comes back before async-openai sees it: that
/// would retry, and cannot read every endpoint's errors.
#[derive(Clone)]
pub(super) struct Transport {
    http: reqwest::Client,
    silence: Duration,
    flow: Arc<Flow>,
}

impl Transport {
    pub(super) fn new(http: reqwest::Client, silence: Duration, flow: Arc<Flow>) -> Self {
        Self { http, silence, flow }
    }

    async fn send(self, request: HttpRequestFactory) -> Result<Response, Refusal> {
        let request = request
            .build()
            .await
            .map_err(|_| Refusal::new(ErrorKind::Rejected, "the request could not be made"))?;
        let Ok(sent) = timeout(self.silence, self.http.execute(request)).await else {
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

    async fn judge(self, response: Response) -> Result<Response, Refusal> {
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
        let body = Body::new(response, self.silence, self.flow).lines();
        Ok(http::Response::new(reqwest::Body::wrap_stream(body)).into())
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
        let _ = timeout(REFUSAL.min(self.silence), read).await;
        body
    }
}

impl tower::Service<HttpRequestFactory> for Transport {
    type Response = Response;
    type Error = OpenAIError;
    type Future = BoxFuture<'static, Result<Response, OpenAIError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let sent = self.clone().send(request);
        sent.map(|sent| sent.map_err(|refusal| OpenAIError::Boxed(Box::new(refusal)))).boxed()
    }
}
