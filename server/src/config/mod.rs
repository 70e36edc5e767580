//! What the program is told by flags and environment, one concern a struct.

mod args;
mod exit;
mod frame_ancestors;
mod hosts;
mod origins;
mod setting;
mod words;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use args::{Args, Command};
use clap::{CommandFactory, FromArgMatches};
use engine::{Limits, Retention};
pub(crate) use exit::Exit;
use frame_ancestors::frame_ancestors;
use hosts::hosts;
pub(crate) use origins::Origins;
use origins::origins;
pub(crate) use setting::BadSetting;
use setting::{count, filled, millis, number};
pub(crate) use words::is_address;
use words::{addr, base_url, choice, log};

/// The program's settings, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) addr: SocketAddr,
    pub(crate) data: PathBuf,
    pub(crate) provider: ProviderConfig,
    pub(crate) cors_origins: Origins,
    /// Names that requests may be for, beside IP addresses and `localhost`.
    pub(crate) hosts: Vec<String>,
    /// Who may embed the page, as the source list of a policy's `frame-ancestors`.
    pub(crate) frame_ancestors: Arc<str>,
    pub(crate) max_input_bytes: usize,
    pub(crate) heartbeat: Duration,
    pub(crate) engine: Limits,
    pub(crate) connections: ConnectionLimits,
    /// What is logged: levels, and targets with theirs.
    pub(crate) log: String,
}

/// What connections may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// All of them.
    pub(crate) most: usize,
    /// Those from one address.
    pub(crate) most_per_address: usize,
    /// How long a client may take to send a request's head.
    pub(crate) head: Duration,
    /// How long a client may take to send a request's body.
    pub(crate) body: Duration,
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

impl Config {
    /// Reads flags and environment.
    pub(crate) fn load() -> Result<Self, Exit> {
        let args = command().try_get_matches().and_then(|it| Args::from_arg_matches(&it));
        let args = args.map_err(Exit::Clap)?;
        if let Some(Command::Licenses) = args.command {
            return Err(Exit::Licenses);
        }
        Self::check(args).map_err(Exit::Setting)
    }

    fn check(args: Args) -> Result<Self, BadSetting> {
        Ok(Self {
            addr: addr(args.addr)?,
            data: PathBuf::from(filled(Some(args.data)).unwrap_or_else(|| "unspool-data".into())),
            log: log(args.log)?,
            cors_origins: origins(&args.cors_origins)?,
            hosts: hosts(&args.hosts)?,
            frame_ancestors: frame_ancestors(&args.frame_ancestors)?.into(),
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
                head: millis("HEAD_DEADLINE_MS", args.head_deadline_ms)?,
                body: millis("BODY_DEADLINE_MS", args.body_deadline_ms)?,
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

/// What clap is to read. A variable that is set to nothing is not set.
fn command() -> clap::Command {
    Args::command().mut_args(|arg| {
        let is_empty = arg.get_env().and_then(std::env::var_os).is_some_and(|it| it.is_empty());
        if is_empty { arg.env(None::<&str>) } else { arg }
    })
}

fn engine_limits(
    running: String,
    waiting: String,
    days: String,
    bytes: String,
) -> Result<Limits, BadSetting> {
    let few = "a whole number from 0 to 100000 is accepted";
    let days: u64 = number("RETAIN_DAYS", days, 0..=100_000, few)?;
    let accepted = "a whole number of bytes is accepted";
    let bytes: u64 = number("RETAIN_BYTES", bytes, 0..=u64::MAX, accepted)?;
    Ok(Limits {
        running: count("MAX_RUNNING", running)?,
        waiting: number("MAX_WAITING", waiting, 0..=100_000, few)?,
        retention: Retention {
            max_age: (days > 0).then(|| Duration::from_secs(days * 24 * 60 * 60)),
            max_bytes: (bytes > 0).then_some(bytes),
        },
        context_tokens: None,
    })
}
