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

/// What a server says there, if it is JSON and comes in time.
///
/// # Errors
/// As for any answer. What the server itself says may quote the key.
pub(crate) async fn json(
    url: Url,
    key: Option<&SecretString>,
    timeout: Duration,
) -> Result<Value, Error> {
    let request = client(&url, CONNECT.min(timeout))?.get(url);
    within(timeout, answer(with_key(request, key))).await
}

/// What a server answers to this JSON.
///
/// # Errors
/// As for [`json`].
pub(crate) async fn posted(
    url: Url,
    key: Option<&SecretString>,
    body: &Value,
    timeout: Duration,
) -> Result<Value, Error> {
    let request = client(&url, CONNECT.min(timeout))?.post(url).json(body);
    within(timeout, answer(with_key(request, key))).await
}

fn with_key(request: RequestBuilder, key: Option<&SecretString>) -> RequestBuilder {
    match key {
        Some(key) => {
            request.header(AUTHORIZATION, format!("Bearer {}", key.expose_secret().trim()))
        }
        None => request,
    }
}

async fn within(
    timeout: Duration,
    answer: impl Future<Output = Result<Value, Error>>,
) -> Result<Value, Error> {
    tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| {
        Err(Error::new(ErrorKind::Silent, format!("no answer within {timeout:?}")))
    })
}

async fn answer(request: RequestBuilder) -> Result<Value, Error> {
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
        if body.len() > MAX_BYTES {
            return Err(Error::new(ErrorKind::Broken, "the answer is too large"));
        }
    }
    if !status.is_success() {
        return Err(Refusal::of_status(status.as_u16(), &body).into());
    }
    let no_json = |_| Error::new(ErrorKind::Broken, "the answer is no JSON");
    serde_json::from_slice(&body).map_err(no_json)
}
