use std::time::Duration;

use tokio::time::timeout;

/// How long anything may take that is waited for: far longer than it takes, and short enough that
/// a hang fails a test instead of stopping the suite.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// The deadline passed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} did not come within {DEADLINE:?}")]
pub struct Late(pub String);

/// What `awaited` gives.
///
/// # Panics
/// When it is not there by the [`DEADLINE`]; the message names `what`.
pub async fn within<T>(what: &str, awaited: impl Future<Output = T>) -> T {
    match timeout(DEADLINE, awaited).await {
        Ok(value) => value,
        Err(_) => panic!("{}", Late(what.to_owned())),
    }
}
