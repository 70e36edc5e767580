use std::{convert::Infallible, time::Duration};

use llm::{Preset, SecretString};

use super::{
    ProvidersFile, Rejected, address::base_url, number::millis, providers_file::providers_file,
};

/// Who answers.
// `std::option::Option` is for clap a type as any other, whose value comes from the parser: so a
// blank flag is not set, as a blank variable is not.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Provider")]
pub(crate) struct ProviderConfig {
    /// Who answers: builtin, openai (any OpenAI-compatible endpoint), ollama, the name of a well-known
    /// one (as deepseek or llamacpp), or auto
    #[arg(
        long = "provider",
        env = "UNSPOOL_PROVIDER",
        value_name = "PROVIDER",
        default_value = "auto",
        value_parser = choice
    )]
    pub(crate) choice: Choice,
    #[command(flatten)]
    pub(crate) connection: ConnectionConfig,
}

/// How the one who answers is reached; or all who answer.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ConnectionConfig {
    /// A TOML file that lists several providers, in place of the other settings here
    #[arg(
        long,
        env = "UNSPOOL_PROVIDERS",
        value_name = "FILE",
        default_value = "",
        hide_default_value = true,
        value_parser = providers_file
    )]
    pub(crate) providers: std::option::Option<ProvidersFile>,
    /// The provider's address, as http://127.0.0.1:8080/v1
    #[arg(
        long,
        env = "UNSPOOL_BASE_URL",
        default_value = "",
        hide_default_value = true,
        value_parser = base_url
    )]
    pub(crate) base_url: std::option::Option<String>,
    /// The provider's key
    #[arg(
        long,
        env = "UNSPOOL_API_KEY",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true,
        value_parser = secret
    )]
    pub(crate) api_key: std::option::Option<SecretString>,
    /// The model that answers
    #[arg(
        long,
        env = "UNSPOOL_MODEL",
        default_value = "",
        hide_default_value = true,
        value_parser = text
    )]
    pub(crate) model: std::option::Option<String>,
    /// Silence in milliseconds after which a provider is given up
    #[arg(
        long = "provider-timeout-ms",
        env = "UNSPOOL_PROVIDER_TIMEOUT_MS",
        value_name = "MS",
        default_value = "120000",
        value_parser = millis
    )]
    pub(crate) silence: Duration,
}

/// The `PROVIDER` setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Auto,
    Builtin,
    OpenAi,
    Ollama,
    /// A well-known endpoint.
    Preset(&'static Preset),
}

/// What can be asked for.
pub(super) const KINDS: &str = "builtin, openai and ollama are accepted, and ark, dashscope, \
    deepseek, openrouter, gemini, anthropic, groq, mistral, llamacpp, vllm and lmstudio";

pub(crate) fn choice(value: &str) -> Result<Choice, Rejected> {
    match value {
        "auto" | "" => Ok(Choice::Auto),
        "builtin" => Ok(Choice::Builtin),
        "openai" => Ok(Choice::OpenAi),
        "ollama" => Ok(Choice::Ollama),
        _ => Preset::named(value)
            .map(Choice::Preset)
            .ok_or_else(|| Rejected::new(value, format!("auto, {KINDS}"))),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap's parsers may fail")]
fn text(value: &str) -> Result<Option<String>, Infallible> {
    Ok(Some(value.to_owned()).filter(|value| !value.trim().is_empty()))
}

fn secret(value: &str) -> Result<Option<SecretString>, Infallible> {
    Ok(text(value)?.map(SecretString::from))
}
