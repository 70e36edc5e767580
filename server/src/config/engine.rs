use std::time::Duration;

use ::engine::{Limits, OwnerLimits, Retention};

use super::{
    Rejected,
    number::{UP_TO_100_000, count, number},
};

/// What the engine may use, and keeps.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Generations")]
pub(crate) struct EngineConfig {
    /// Generations that run at once
    #[arg(
        long,
        env = "UNSPOOL_MAX_RUNNING",
        value_name = "COUNT",
        default_value = "256",
        value_parser = count
    )]
    pub(crate) max_running: usize,
    /// Generations that wait for their turn; more get 503
    #[arg(
        long,
        env = "UNSPOOL_MAX_WAITING",
        value_name = "COUNT",
        default_value = "64",
        value_parser = waiting
    )]
    max_waiting: usize,
    /// Tokens that the model reads at most, its answer included
    #[arg(long, env = "UNSPOOL_CONTEXT_TOKENS", value_name = "TOKENS", value_parser = tokens)]
    pub(crate) context_tokens: Option<u32>,
    /// Whether an answer is continued that breaks off, or whose server was killed: on or off
    #[arg(
        long,
        env = "UNSPOOL_RESUME",
        value_name = "ON|OFF",
        default_value = "on",
        action = clap::ArgAction::Set,
        value_parser = on_or_off
    )]
    resume: bool,
    /// Days after which generations are removed; 0 keeps them
    #[arg(
        long,
        env = "UNSPOOL_RETAIN_DAYS",
        value_name = "DAYS",
        default_value = "0",
        value_parser = days
    )]
    retain_days: u32,
    /// Bytes of generations that are kept, the newest first; 0 keeps all
    #[arg(
        long,
        env = "UNSPOOL_RETAIN_BYTES",
        value_name = "BYTES",
        default_value = "0",
        value_parser = bytes
    )]
    retain_bytes: u64,
}

impl EngineConfig {
    /// The settings in the engine's own terms, in which what is not limited is `None`.
    pub(crate) fn limits(self) -> Limits {
        let age = Duration::from_secs(u64::from(self.retain_days) * 24 * 60 * 60);
        Limits {
            running: self.max_running,
            waiting: self.max_waiting,
            retention: Retention {
                max_age: (self.retain_days > 0).then_some(age),
                max_bytes: (self.retain_bytes > 0).then_some(self.retain_bytes),
            },
            context_tokens: self.context_tokens,
            owner: OwnerLimits::default(),
            resumes: self.resume,
        }
    }
}

fn on_or_off(value: &str) -> Result<bool, Rejected> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(Rejected::new(value, "on and off are accepted")),
    }
}

fn waiting(value: &str) -> Result<usize, Rejected> {
    number(value, 0..=100_000, UP_TO_100_000)
}

fn days(value: &str) -> Result<u32, Rejected> {
    number(value, 0..=100_000, UP_TO_100_000)
}

fn bytes(value: &str) -> Result<u64, Rejected> {
    number(value, 0..=u64::MAX, "a whole number of bytes is accepted")
}

/// At least 64, as no model reads fewer: `8` stands for 8 thousand.
pub(super) fn tokens(value: &str) -> Result<u32, Rejected> {
    number(value, 64..=100_000_000, "a number of tokens from 64 to 100000000 is accepted, as 32768")
}
