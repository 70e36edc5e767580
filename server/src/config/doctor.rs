use super::{Choice, ConnectionConfig, ProviderConfig, Rejected, engine::tokens, provider::choice};

/// What `unspool doctor` takes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DoctorConfig {
    /// Which provider is checked: one that the file of providers lists or, without a file, what
    /// UNSPOOL_PROVIDER accepts; by default all that are connected
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// Prints the checks as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) connection: ConnectionConfig,
    /// Tokens that the model reads at most, its answer included
    #[arg(long, env = "UNSPOOL_CONTEXT_TOKENS", value_name = "TOKENS", value_parser = tokens)]
    pub(crate) context_tokens: Option<u32>,
}

impl DoctorConfig {
    /// The settings of the providers, as the server has them: a file that lists some says all.
    pub(crate) fn provider_config(&self) -> Result<ProviderConfig, Rejected> {
        let named = match (&self.connection.providers, &self.provider) {
            (Some(_), _) => None,
            (None, Some(name)) => Some(name.clone()),
            (None, None) => std::env::var("UNSPOOL_PROVIDER").ok(),
        };
        let choice = named.map_or(Ok(Choice::Auto), |name| choice(&name))?;
        Ok(ProviderConfig { choice, connection: self.connection.clone() })
    }
}
