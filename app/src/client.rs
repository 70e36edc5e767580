use futures::{Sink, Stream};
use leptos::{
    prelude::FromServerFnError,
    server_fn::{
        Bytes,
        client::{Client, browser::BrowserClient},
        request::browser::BrowserRequest,
        response::{ClientRes, browser::BrowserResponse},
    },
};

use crate::api_error::ApiError;

/// The status of a body that is too large (RFC 9110, section 15.5.14).
const CONTENT_TOO_LARGE: u16 = 413;

/// Sends texts, and recognises a proxy that refuses one for its size before it reaches the server.
/// The proxy's answer has no body that we could read, so it would look like no answer at all.
pub struct TextClient;

impl Client<ApiError> for TextClient {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    async fn send(request: BrowserRequest) -> Result<BrowserResponse, ApiError> {
        let response = <BrowserClient as Client<ApiError>>::send(request).await?;
        match ClientRes::<ApiError>::status(&response) {
            CONTENT_TOO_LARGE => Err(refusal(response).await.unwrap_or(ApiError::TooLargeOnTheWay)),
            _ => Ok(response),
        }
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            ApiError,
        >,
    > + Send {
        <BrowserClient as Client<ApiError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<ApiError>>::spawn(future);
    }
}

/// The server's own refusal, if it was the server that answered.
async fn refusal(response: BrowserResponse) -> Option<ApiError> {
    let body = ClientRes::<ApiError>::try_into_bytes(response).await.ok()?;
    Some(ApiError::de(body)).filter(|error| matches!(error, ApiError::Refused(_)))
}
