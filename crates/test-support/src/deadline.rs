use std::time::Duration;

use tokio::time::timeout;

/// How long any wait may take. It is far longer than needed, and short enough that a hang fails its
/// test instead of stopping the whole suite.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Something did not happen by the [`DEADLINE`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} did not come within {DEADLINE:?}")]
pub struct Late(pub String);

/// Waits for `awaited`.
///
/// # Panics
/// When it is not ready by the [`DEADLINE`]. The message names `what`.
pub async fn within<T>(what: &str, awaited: impl Future<Output = T>) -> T {
    match timeout(DEADLINE, awaited).await {
        Ok(value) => value,
        Err(_) => panic!("{}", Late(what.to_owned())),
    }
}
