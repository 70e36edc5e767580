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

use crate::fault::Fault;

/// The status of a body that is too large (RFC 9110, section 15.5.14).
const CONTENT_TOO_LARGE: u16 = 413;

/// Sends texts, and tells where one is refused for its size before it reaches the server: what a
/// proxy answers then is no answer of ours, and would be taken for silence.
pub struct TextClient;

impl Client<Fault> for TextClient {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    async fn send(request: BrowserRequest) -> Result<BrowserResponse, Fault> {
        let response = <BrowserClient as Client<Fault>>::send(request).await?;
        match ClientRes::<Fault>::status(&response) {
            CONTENT_TOO_LARGE => Err(refusal(response).await.unwrap_or(Fault::TooLargeOnTheWay)),
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
            Fault,
        >,
    > + Send {
        <BrowserClient as Client<Fault>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<Fault>>::spawn(future);
    }
}

/// What the server itself says of it, if it is the server that has answered.
async fn refusal(response: BrowserResponse) -> Option<Fault> {
    let body = ClientRes::<Fault>::try_into_bytes(response).await.ok()?;
    Some(Fault::de(body)).filter(|fault| matches!(fault, Fault::Refused(_)))
}
