use std::time::{Duration, SystemTime};

use futures::StreamExt;
use http::header::{ACCEPT_ENCODING, HeaderMap, RETRY_AFTER};
use reqwest::Response;
use serde::Serialize;
use tokio::time::timeout;

use super::body::{Body, Patience};
use super::client::cause;
use super::inflate::Inflate;
use super::refusal::Refusal;
use super::{Lines, Timeouts};
use crate::ErrorKind;

/// How much of a refusal is read, in bytes, and how long it may take to come.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;
const REFUSAL_DEADLINE: Duration = Duration::from_secs(5);

/// Sends requests to one address, and judges what comes back.
#[derive(Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    url: String,
    headers: HeaderMap,
    timeouts: Timeouts,
}

impl Transport {
    pub(crate) fn new(
        http: reqwest::Client,
        url: String,
        headers: HeaderMap,
        timeouts: Timeouts,
    ) -> Self {
        Self { http, url, headers, timeouts }
    }

    /// Posts a request whose answer is read line by line while it is written. The caller says when
    /// the model has begun to write.
    pub(crate) async fn post(
        &self,
        request: &impl Serialize,
    ) -> Result<(Lines, Patience), Refusal> {
        let patience = Patience::new(self.timeouts);
        let request = self.http.post(&self.url).json(request).headers(self.headers.clone());
        // A proxy that compresses would hold back what is being written.
        let request = request.header(ACCEPT_ENCODING, "identity");
        let response = patience.wait(request.send()).await?.map_err(|error| {
            let unreachable = error.is_connect();
            let kind = if unreachable { ErrorKind::Unreachable } else { ErrorKind::Broken };
            Refusal::new(kind, cause(&error))
        })?;
        let status = response.status();
        if !status.is_success() {
            let retry_after = retry_after(response.headers());
            let body = self.refusal(response).await;
            return Err(Refusal::of_status(status.as_u16(), &body).after(retry_after));
        }
        Ok((Lines::new(Body::new(response, patience.clone())), patience))
    }

    /// The beginning of a refusal, as far as it comes in time.
    async fn refusal(&self, response: Response) -> Vec<u8> {
        let mut inflate = Inflate::new(&[]);
        let mut bytes = response.bytes_stream();
        let mut body = Vec::new();
        let read = async {
            while let Some(Ok(piece)) = bytes.next().await {
                let Ok(piece) = inflate.read(piece) else { break };
                let room = MAX_REFUSAL_BYTES - body.len();
                body.extend(piece.iter().take(room));
                if body.len() == MAX_REFUSAL_BYTES {
                    break;
                }
            }
        };
        let _ = timeout(REFUSAL_DEADLINE.min(self.timeouts.silence), read).await;
        body
    }
}

/// When to ask again: in seconds or, less often, as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let then = httpdate::parse_http_date(text).ok()?;
    Some(then.duration_since(SystemTime::now()).unwrap_or_default())
}
