use std::time::Duration;

use futures::StreamExt;
use http::header::AUTHORIZATION;
use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::client;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// How much of an answer is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// How much of an answer to a text is read, in bytes: the numbers of its tokens take more than it.
const MAX_POSTED_BYTES: usize = 16 * 1024 * 1024;

/// What a server says there, if it is JSON and comes in time.
pub(crate) async fn json(url: Url, key: Option<&SecretString>, timeout: Duration) -> Option<Value> {
    let request = client(&url, CONNECT).ok()?.get(url);
    answered(request, key, timeout, MAX_BYTES).await
}

/// What a server says there to a body of JSON, if it is JSON and comes in time.
pub(crate) async fn posted(
    url: Url,
    key: Option<&SecretString>,
    body: &Value,
    timeout: Duration,
) -> Option<Value> {
    let request = client(&url, CONNECT).ok()?.post(url).json(body);
    answered(request, key, timeout, MAX_POSTED_BYTES).await
}

async fn answered(
    mut request: RequestBuilder,
    key: Option<&SecretString>,
    timeout: Duration,
    max_bytes: usize,
) -> Option<Value> {
    let read = async {
        if let Some(key) = key {
            request =
                request.header(AUTHORIZATION, format!("Bearer {}", key.expose_secret().trim()));
        }
        let response = request.send().await.ok()?;
        let mut bytes = response.error_for_status().ok()?.bytes_stream();
        let mut body = Vec::new();
        while let Some(piece) = bytes.next().await {
            body.extend_from_slice(&piece.ok()?);
            if body.len() > max_bytes {
                return None;
            }
        }
        serde_json::from_slice(&body).ok()
    };
    tokio::time::timeout(timeout, read).await.ok()?
}
