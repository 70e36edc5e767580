use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, error::ErrorKind};

/// The program's settings as text: flags first, then the environment, then the defaults.
#[derive(Parser)]
#[command(
    name = "unspool",
    version,
    about = "Long text in, a title and a summary out, while you watch."
)]
struct Args {
    /// Where it listens; port 0 picks a free one
    #[arg(long, env = "UNSPOOL_ADDR", default_value = "127.0.0.1:5001")]
    addr: String,
    /// Folder of the database; made when missing
    #[arg(long, env = "UNSPOOL_DATA", default_value = "unspool-data")]
    data: String,
    /// Who answers: builtin, openai (any OpenAI-compatible endpoint), ollama or auto
    #[arg(long, env = "UNSPOOL_PROVIDER", default_value = "auto")]
    provider: String,
    /// The provider's address, as http://127.0.0.1:8080/v1
    #[arg(long, env = "UNSPOOL_BASE_URL")]
    base_url: Option<String>,
    /// The provider's key
    #[arg(long, env = "UNSPOOL_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// The model that answers
    #[arg(long, env = "UNSPOOL_MODEL")]
    model: Option<String>,
    /// Origins that browsers may call from, comma-separated, or *
    #[arg(long, env = "UNSPOOL_CORS_ORIGINS", default_value = "")]
    cors_origins: String,
    /// Longest request body in bytes
    #[arg(long, env = "UNSPOOL_MAX_INPUT_BYTES", default_value = "4194304")]
    max_input_bytes: String,
    /// Silence in milliseconds after which a stream sends a comment line
    #[arg(long, env = "UNSPOOL_HEARTBEAT_MS", default_value = "15000")]
    heartbeat_ms: String,
    /// Silence in milliseconds after which a provider is given up
    #[arg(long, env = "UNSPOOL_PROVIDER_TIMEOUT_MS", default_value = "120000")]
    provider_timeout_ms: String,
    /// Generations that run at once
    #[arg(long, env = "UNSPOOL_MAX_RUNNING", default_value = "256")]
    max_running: String,
}

/// The program's settings, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) addr: SocketAddr,
    pub(crate) data: PathBuf,
    pub(crate) provider: ProviderConfig,
    pub(crate) cors_origins: Origins,
    pub(crate) max_input_bytes: usize,
    pub(crate) heartbeat: Duration,
    pub(crate) max_running: usize,
}

/// Who answers.
#[derive(Clone)]
pub(crate) struct ProviderConfig {
    pub(crate) choice: Choice,
    pub(crate) base_url: Option<String>,
    pub(crate) api_key: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) silence: Duration,
}

impl std::fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderConfig").field("choice", &self.choice).finish_non_exhaustive()
    }
}

/// The `PROVIDER` setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Auto,
    Builtin,
    OpenAi,
    Ollama,
}

/// Which origins browsers may call from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origins {
    Any,
    Listed(Vec<http::HeaderValue>),
}

/// A setting that is not what is accepted.
#[derive(Debug, thiserror::Error)]
#[error("UNSPOOL_{name} is {value:?}: {accepted}")]
pub(crate) struct BadSetting {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) accepted: &'static str,
}

/// Why the program does not start serving.
pub(crate) enum Exit {
    /// Help or version were asked for, or the command line is not one of this program's.
    Clap(clap::Error),
    /// A setting is not what is accepted.
    Setting(BadSetting),
}

impl Exit {
    /// Says why, in one line where it is an error.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Clap(error) if !error.use_stderr() => {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            Self::Clap(error) => {
                let text = error.to_string();
                let line = text.lines().next().unwrap_or_default();
                let hint = match error.kind() {
                    ErrorKind::UnknownArgument => "; `unspool --help` lists what is accepted",
                    _ => "",
                };
                eprintln!("unspool: {}{hint}", line.trim_start_matches("error: "));
            }
            Self::Setting(bad) => eprintln!("unspool: {bad}"),
        }
        ExitCode::from(2)
    }
}

impl Config {
    /// Reads flags and environment.
    pub(crate) fn load() -> Result<Self, Exit> {
        let args = Args::try_parse().map_err(Exit::Clap)?;
        Self::check(args).map_err(Exit::Setting)
    }

    fn check(args: Args) -> Result<Self, BadSetting> {
        Ok(Self {
            addr: addr(args.addr)?,
            data: PathBuf::from(filled(Some(args.data)).unwrap_or_else(|| "unspool-data".into())),
            cors_origins: origins(&args.cors_origins)?,
            max_input_bytes: number(
                "MAX_INPUT_BYTES",
                args.max_input_bytes,
                1..=1 << 30,
                "a number of bytes from 1 to 1073741824 is accepted",
            )?,
            heartbeat: Duration::from_millis(number(
                "HEARTBEAT_MS",
                args.heartbeat_ms,
                10..=3_600_000,
                "a number of milliseconds from 10 to 3600000 is accepted",
            )?),
            max_running: number(
                "MAX_RUNNING",
                args.max_running,
                1..=100_000,
                "a number from 1 to 100000 is accepted",
            )?,
            provider: ProviderConfig {
                choice: choice(args.provider)?,
                base_url: filled(args.base_url).map(base_url).transpose()?,
                api_key: filled(args.api_key),
                model: filled(args.model),
                silence: Duration::from_millis(number(
                    "PROVIDER_TIMEOUT_MS",
                    args.provider_timeout_ms,
                    100..=3_600_000,
                    "a number of milliseconds from 100 to 3600000 is accepted",
                )?),
            },
        })
    }
}

/// A setting that is set to nothing is not set.
fn filled(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty())
}

fn addr(value: String) -> Result<SocketAddr, BadSetting> {
    let named = value.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    named.as_deref().unwrap_or(&value).parse().map_err(|_| BadSetting {
        name: "ADDR",
        accepted: "an address with a port is accepted, as 127.0.0.1:5001 or [::1]:5001",
        value,
    })
}

fn choice(value: String) -> Result<Choice, BadSetting> {
    match value.as_str() {
        "auto" | "" => Ok(Choice::Auto),
        "builtin" => Ok(Choice::Builtin),
        "openai" => Ok(Choice::OpenAi),
        "ollama" => Ok(Choice::Ollama),
        _ => Err(BadSetting {
            name: "PROVIDER",
            value,
            accepted: "auto, builtin, openai and ollama are accepted",
        }),
    }
}

fn base_url(value: String) -> Result<String, BadSetting> {
    let is_url = value.parse::<http::Uri>().is_ok_and(|uri| {
        uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"))
    });
    if is_url {
        Ok(value.trim_end_matches('/').to_owned())
    } else {
        Err(BadSetting {
            name: "BASE_URL",
            value,
            accepted: "an http:// or https:// address is accepted, as http://127.0.0.1:8080/v1",
        })
    }
}

fn origins(value: &str) -> Result<Origins, BadSetting> {
    let value = value.trim();
    if value == "*" {
        return Ok(Origins::Any);
    }
    let listed = value.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    listed.map(origin).collect::<Result<_, _>>().map(Origins::Listed)
}

fn origin(value: &str) -> Result<http::HeaderValue, BadSetting> {
    let bad = || BadSetting {
        name: "CORS_ORIGINS",
        value: value.to_owned(),
        accepted: "origins such as https://example.org, separated by commas, or * are accepted",
    };
    let uri: http::Uri = value.parse().map_err(|_| bad())?;
    let is_origin = uri.scheme().is_some() && uri.host().is_some() && !value.ends_with('/');
    if is_origin && uri.path() == "/" && uri.query().is_none() {
        value.parse().map_err(|_| bad())
    } else {
        Err(bad())
    }
}

fn number<T: std::str::FromStr + PartialOrd>(
    name: &'static str,
    value: String,
    range: std::ops::RangeInclusive<T>,
    accepted: &'static str,
) -> Result<T, BadSetting> {
    match value.trim().parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(BadSetting { name, value, accepted }),
    }
}
