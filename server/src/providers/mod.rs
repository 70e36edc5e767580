//! The providers that the settings connect: by the environment, or by a file that lists them.

mod endpoint;
mod environment;
mod listed;

use std::time::Duration;

use llm::{ErrorKind, Providers, redact};

use crate::config::{BadSetting, ProviderConfig, Rejected};

/// How long what runs on one's own machine may take to say that it is there, and which models it
/// has.
const PROBE: Duration = Duration::from_millis(800);

/// Why there is no provider to answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoProvider {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// The address is not valid. It may have come from the provider's own variable.
    #[error(
        "UNSPOOL_BASE_URL, or the provider's own OPENAI_BASE_URL or OLLAMA_HOST, is {:?}: an \
         http:// or https:// address without a query is accepted",
        redact(.0)
    )]
    Address(String),
    /// The same for an address with a login, which is not shown.
    #[error(
        "UNSPOOL_BASE_URL, or the provider's own OPENAI_BASE_URL or OLLAMA_HOST, holds a login \
         (not shown) and is no address: an http:// or https:// address without a query is accepted"
    )]
    AddressWithLogin,
    /// The file lists no provider of that name.
    #[error("--provider is {name:?}: {known} are listed")]
    Unlisted {
        /// The name.
        name: String,
        /// Those that are listed.
        known: String,
    },
    /// The provider cannot be made of these settings.
    #[error("UNSPOOL_PROVIDER: {0}")]
    Provider(llm::Error),
}

impl From<llm::Error> for NoProvider {
    fn from(error: llm::Error) -> Self {
        match error.kind {
            ErrorKind::Unauthorised => {
                bad_key("(not shown)", "a key of visible ASCII characters is accepted")
            }
            _ => Self::Provider(error),
        }
    }
}

fn bad_key(shown: &str, accepted: impl Into<String>) -> NoProvider {
    BadSetting::new("API_KEY", Rejected::new(shown, accepted.into())).into()
}

/// Makes the providers that the settings ask for.
pub(crate) async fn connect(config: &ProviderConfig) -> Result<Providers, NoProvider> {
    match &config.connection.providers {
        Some(file) => listed::connect(file, config.connection.silence).await,
        None => environment::connect(config).await,
    }
}

/// A variable of the environment that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}
