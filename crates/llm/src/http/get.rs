use std::time::Duration;

use futures::StreamExt;
use http::header::AUTHORIZATION;
use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Refusal, client, client::cause};
use crate::{Error, ErrorKind};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// How much of an answer is read, in bytes: some list hundreds of models with all their prices.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// How much of an answer to a text is read, in bytes: the numbers of its tokens take more than it.
const MAX_POSTED_BYTES: usize = 16 * 1024 * 1024;

/// What a server says there, if it is JSON and comes in time.
pub(crate) async fn json(url: Url, key: Option<&SecretString>, timeout: Duration) -> Option<Value> {
    try_json(url, key, timeout).await.ok()
}

/// What a server says there to a body of JSON, if it is JSON and comes in time.
pub(crate) async fn posted(
    url: Url,
    key: Option<&SecretString>,
    body: &Value,
    timeout: Duration,
) -> Option<Value> {
    let request = client(&url, CONNECT.min(timeout)).ok()?.post(url).json(body);
    answered(request, key, timeout, MAX_POSTED_BYTES).await.ok()
}

/// What a server says there, as JSON.
///
/// # Errors
/// Why it says nothing of the kind in time. Its own words in that may quote the key.
pub(crate) async fn try_json(
    url: Url,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Result<Value, Error> {
    let request = client(&url, CONNECT.min(timeout))?.get(url);
    answered(request, key, timeout, MAX_BYTES).await
}

async fn answered(
    mut request: RequestBuilder,
    key: Option<&SecretString>,
    timeout: Duration,
    max_bytes: usize,
) -> Result<Value, Error> {
    if let Some(key) = key {
        let bearer = format!("Bearer {}", key.expose_secret().trim());
        request = request.header(AUTHORIZATION, bearer);
    }
    let answer = tokio::time::timeout(timeout, read(request, max_bytes)).await;
    answer.unwrap_or_else(|_| {
        Err(Error::new(ErrorKind::Silent, format!("no answer within {timeout:?}")))
    })
}

async fn read(request: RequestBuilder, max_bytes: usize) -> Result<Value, Error> {
    let response = request.send().await.map_err(|error| {
        let unreachable = error.is_connect();
        let kind = if unreachable { ErrorKind::Unreachable } else { ErrorKind::Broken };
        Error::new(kind, cause(&error))
    })?;
    let status = response.status();
    let mut bytes = response.bytes_stream();
    let mut body = Vec::new();
    while let Some(piece) = bytes.next().await {
        let broke_off = |_| Error::new(ErrorKind::Broken, "the connection broke off");
        body.extend_from_slice(&piece.map_err(broke_off)?);
        if body.len() > max_bytes {
            return Err(Error::new(ErrorKind::Broken, "the answer is too large"));
        }
    }
    if !status.is_success() {
        return Err(Refusal::of_status(status.as_u16(), &body).into());
    }
    let no_json = |_| Error::new(ErrorKind::Broken, "the answer is no JSON");
    serde_json::from_slice(&body).map_err(no_json)
}
