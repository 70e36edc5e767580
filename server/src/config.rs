use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, error::ErrorKind};
use engine::{Limits, Retention};

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
    /// Generations that wait for their turn; more get 503
    #[arg(long, env = "UNSPOOL_MAX_WAITING", default_value = "64")]
    max_waiting: String,
    /// Connections at once
    #[arg(long, env = "UNSPOOL_MAX_CONNECTIONS", default_value = "16384")]
    max_connections: String,
    /// Connections at once from one address
    #[arg(long, env = "UNSPOOL_MAX_CONNECTIONS_PER_ADDRESS", default_value = "4096")]
    max_connections_per_address: String,
    /// Milliseconds after which a client that reads nothing is let go
    #[arg(long, env = "UNSPOOL_STALL_MS", default_value = "30000")]
    stall_ms: String,
    /// Days after which generations are removed; 0 keeps them
    #[arg(long, env = "UNSPOOL_RETAIN_DAYS", default_value = "0")]
    retain_days: String,
    /// Bytes of generations that are kept, the newest first; 0 keeps all
    #[arg(long, env = "UNSPOOL_RETAIN_BYTES", default_value = "0")]
    retain_bytes: String,
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
    pub(crate) engine: Limits,
    pub(crate) connections: ConnectionLimits,
}

/// What connections may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// All of them.
    pub(crate) most: usize,
    /// Those from one address.
    pub(crate) most_per_address: usize,
    /// How long a client may take nothing of what is written to it.
    pub(crate) stall: Duration,
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
            heartbeat: millis("HEARTBEAT_MS", args.heartbeat_ms)?,
            engine: engine_limits(
                args.max_running,
                args.max_waiting,
                args.retain_days,
                args.retain_bytes,
            )?,
            connections: ConnectionLimits {
                most: count("MAX_CONNECTIONS", args.max_connections)?,
                most_per_address: count(
                    "MAX_CONNECTIONS_PER_ADDRESS",
                    args.max_connections_per_address,
                )?,
                stall: millis("STALL_MS", args.stall_ms)?,
            },
            provider: ProviderConfig {
                choice: choice(args.provider)?,
                base_url: filled(args.base_url).map(base_url).transpose()?,
                api_key: filled(args.api_key),
                model: filled(args.model),
                silence: millis("PROVIDER_TIMEOUT_MS", args.provider_timeout_ms)?,
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

fn engine_limits(
    running: String,
    waiting: String,
    days: String,
    bytes: String,
) -> Result<Limits, BadSetting> {
    let accepted = "a whole number from 0 to 100000 is accepted";
    let days: u64 = number("RETAIN_DAYS", days, 0..=100_000, accepted)?;
    let accepted = "a whole number of bytes is accepted";
    let bytes: u64 = number("RETAIN_BYTES", bytes, 0..=u64::MAX, accepted)?;
    let accepted = "a whole number from 0 to 100000 is accepted";
    Ok(Limits {
        running: count("MAX_RUNNING", running)?,
        waiting: number("MAX_WAITING", waiting, 0..=100_000, accepted)?,
        retention: Retention {
            max_age: (days > 0).then(|| Duration::from_secs(days * 24 * 60 * 60)),
            max_bytes: (bytes > 0).then_some(bytes),
        },
    })
}

fn count(name: &'static str, value: String) -> Result<usize, BadSetting> {
    number(name, value, 1..=100_000, "a whole number from 1 to 100000 is accepted")
}

fn millis(name: &'static str, value: String) -> Result<Duration, BadSetting> {
    let accepted = "a number of milliseconds from 10 to 3600000 is accepted";
    number(name, value, 10..=3_600_000, accepted).map(Duration::from_millis)
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
