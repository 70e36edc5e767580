use std::{net::SocketAddr, sync::Arc};

use ::engine::OwnerLimits;
use http::HeaderName;

use super::{
    BadSetting, Origins, Rejected,
    frame_ancestors::frame_ancestors,
    hosts::hosts,
    number::{UP_TO_100_000, number},
    origins::origins,
    tokens::{Tokens, tokens},
    trusted_proxies::{TrustedProxies, trusted_proxies},
};

/// Who may use the server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Access")]
pub(crate) struct AccessConfig {
    /// Whose a request is: open, token, browser, or header:NAME as header:Remote-User
    #[arg(
        long = "access",
        env = "UNSPOOL_ACCESS",
        value_name = "MODE",
        default_value = "open",
        value_parser = mode
    )]
    pub(crate) mode: AccessMode,
    /// Names with their tokens, as alice:TOKEN,bob:TOKEN, or @ and a file of such lines
    #[arg(
        long,
        env = "UNSPOOL_TOKENS",
        default_value = "",
        hide_default_value = true,
        hide_env_values = true,
        value_parser = tokens
    )]
    pub(crate) tokens: Tokens,
    /// Addresses of proxies that are believed, as 127.0.0.1,10.0.0.0/8
    #[arg(
        long,
        env = "UNSPOOL_TRUSTED_PROXIES",
        default_value = "",
        hide_default_value = true,
        value_parser = trusted_proxies
    )]
    pub(crate) trusted_proxies: TrustedProxies,
    /// Lets all who reach an address beyond this machine use one space
    #[arg(long, env = "UNSPOOL_ALLOW_ANONYMOUS")]
    pub(crate) allow_anonymous: bool,
    /// Requests of a space in a minute; 0 for any number
    #[arg(
        long,
        env = "UNSPOOL_RATE_PER_MINUTE",
        value_name = "COUNT",
        default_value = "0",
        value_parser = up_to_100_000
    )]
    pub(crate) rate_per_minute: u32,
    /// Generations of a space that run and wait at once; 0 for any number
    #[arg(
        long,
        env = "UNSPOOL_RUNNING_PER_SPACE",
        value_name = "COUNT",
        default_value = "0",
        value_parser = up_to_100_000
    )]
    pub(crate) running_per_space: u32,
    /// Bytes that a space's generations take; 0 for any number
    #[arg(
        long,
        env = "UNSPOOL_BYTES_PER_SPACE",
        value_name = "BYTES",
        default_value = "0",
        value_parser = bytes
    )]
    pub(crate) bytes_per_space: u64,
    /// Origins that browsers may call from, comma-separated, or * for any site
    #[arg(
        long,
        env = "UNSPOOL_CORS_ORIGINS",
        default_value = "",
        hide_default_value = true,
        value_parser = origins
    )]
    pub(crate) cors_origins: Origins,
    /// Names that the server is asked for by, beside IP addresses and localhost, comma-separated
    #[arg(
        long,
        env = "UNSPOOL_HOSTS",
        default_value = "",
        hide_default_value = true,
        value_parser = hosts
    )]
    pub(crate) hosts: Arc<[String]>,
    /// Who may embed the page: 'self', 'none', or sites as https://portal.example
    #[arg(
        long,
        env = "UNSPOOL_FRAME_ANCESTORS",
        default_value = "'self'",
        value_parser = frame_ancestors
    )]
    pub(crate) frame_ancestors: Arc<str>,
}

/// How it is found out whose a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AccessMode {
    /// Nobody is asked: there is one space.
    Open,
    /// By a token, or by the cookie that it is exchanged for.
    Token,
    /// Each browser has a space of its own, by a cookie.
    Browser,
    /// By the header in which a proxy names the user.
    Header(HeaderName),
}

impl AccessConfig {
    /// What each space's generations may use, in the engine's own terms.
    pub(crate) fn owner_limits(&self) -> OwnerLimits {
        OwnerLimits { running: self.running_per_space, bytes: self.bytes_per_space }
    }

    /// Looks whether the settings fit each other.
    pub(super) fn check(&self, addr: SocketAddr) -> Result<(), BadSetting> {
        let refuse =
            |name, value, accepted| Err(BadSetting::new(name, Rejected::new(value, accepted)));
        match &self.mode {
            AccessMode::Open if !addr.ip().is_loopback() && !self.allow_anonymous => refuse(
                "ACCESS",
                "open",
                "where others than this machine can reach UNSPOOL_ADDR, token, browser or \
                 header:NAME is accepted; --allow-anonymous lets all who reach it read and delete \
                 everything",
            ),
            AccessMode::Token if self.tokens.is_empty() => refuse(
                "TOKENS",
                "",
                "with UNSPOOL_ACCESS=token, names with their tokens are accepted, as \
                 alice:TOKEN,bob:TOKEN, or @ and the path of a file of such lines",
            ),
            AccessMode::Header(_) if self.trusted_proxies.is_empty() => refuse(
                "TRUSTED_PROXIES",
                "",
                "with UNSPOOL_ACCESS=header:NAME, the addresses of the proxies that may name the \
                 user are accepted, as 127.0.0.1,10.0.0.0/8",
            ),
            _ => Ok(()),
        }
    }
}

fn mode(value: &str) -> Result<AccessMode, Rejected> {
    let value = value.trim();
    match value {
        "" | "open" => return Ok(AccessMode::Open),
        "token" => return Ok(AccessMode::Token),
        "browser" => return Ok(AccessMode::Browser),
        _ => {}
    }
    let name = value.strip_prefix("header:").and_then(|name| name.trim().parse().ok());
    name.map(AccessMode::Header).ok_or_else(|| {
        Rejected::new(
            value,
            "open, token, browser or header:NAME is accepted, as header:Remote-User",
        )
    })
}

fn up_to_100_000(value: &str) -> Result<u32, Rejected> {
    number(value, 0..=100_000, UP_TO_100_000)
}

fn bytes(value: &str) -> Result<u64, Rejected> {
    number(value, 0..=u64::MAX, "a whole number of bytes is accepted")
}
