use super::{backoff::Backoff, pause::pause_or_online};
use crate::api_error::ApiError;

/// Asks until the server answers or has nothing of the kind: the later the more often it did
/// neither, and at once when the browser is online again. None once that is no longer wanted.
pub(crate) async fn retry_until_answered<T, F>(
    ask: impl Fn() -> F,
    is_wanted: impl Fn() -> bool,
) -> Option<Result<T, ApiError>>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let mut backoff = Backoff::default();
    while is_wanted() {
        match ask().await {
            Err(fault) if !fault.is_not_found() => {
                pause_or_online(backoff.next_ms(js_sys::Math::random())).await;
            }
            answer => return Some(answer),
        }
    }
    None
}
