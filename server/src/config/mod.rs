//! What the program is told by flags and environment, one concern a file. clap parses each value
//! once, by the function beside the setting, into the type that the server uses.

mod access;
mod address;
mod command;
mod connections;
mod doctor;
mod engine;
mod exit;
mod frame_ancestors;
mod hosts;
mod log;
mod number;
mod origins;
mod provider;
mod providers_file;
mod rejected;
mod tokens;
mod trusted_proxies;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

pub(crate) use access::{AccessConfig, AccessMode};
pub(crate) use address::is_address;
pub(crate) use command::Command;
pub(crate) use connections::ConnectionLimits;
pub(crate) use doctor::DoctorConfig;
pub(crate) use engine::EngineConfig;
pub(crate) use exit::Exit;
use number::{millis, number};
pub(crate) use origins::Origins;
pub(crate) use provider::{Choice, ConnectionConfig, ProviderConfig};
pub(crate) use providers_file::{ListedProvider, ProvidersFile};
pub(crate) use rejected::{BadSetting, Rejected};
pub(crate) use trusted_proxies::TrustedProxies;

/// The settings of the server.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Config {
    /// Where it listens; port 0 picks a free one
    #[arg(long, env = "UNSPOOL_ADDR", default_value = "127.0.0.1:5001", value_parser = addr)]
    pub(crate) addr: SocketAddr,
    /// Folder of the database, from where it is started; made when missing
    #[arg(long, env = "UNSPOOL_DATA", default_value = DATA, value_parser = data)]
    pub(crate) data: PathBuf,
    /// What is logged: levels, or targets with their levels, as engine=debug
    #[arg(long, env = "UNSPOOL_LOG", default_value = log::DEFAULT, value_parser = log::levels)]
    pub(crate) log: String,
    /// Longest request body in bytes
    #[arg(
        long,
        env = "UNSPOOL_MAX_INPUT_BYTES",
        value_name = "BYTES",
        default_value = "4194304",
        value_parser = body_bytes
    )]
    pub(crate) max_input_bytes: usize,
    /// Longest file that is imported in bytes
    #[arg(
        long,
        env = "UNSPOOL_MAX_IMPORT_BYTES",
        value_name = "BYTES",
        default_value = "1073741824",
        value_parser = import_bytes
    )]
    pub(crate) max_import_bytes: u64,
    /// Silence in milliseconds after which a stream sends a comment line
    #[arg(
        long = "heartbeat-ms",
        env = "UNSPOOL_HEARTBEAT_MS",
        value_name = "MS",
        default_value = "15000",
        value_parser = millis
    )]
    pub(crate) heartbeat: Duration,
    #[command(flatten)]
    pub(crate) provider: ProviderConfig,
    #[command(flatten)]
    pub(crate) engine: EngineConfig,
    #[command(flatten)]
    pub(crate) access: AccessConfig,
    #[command(flatten)]
    pub(crate) connections: ConnectionLimits,
}

impl Config {
    /// Looks whether the settings fit each other.
    fn check(&self) -> Result<(), BadSetting> {
        self.access.check(self.addr)
    }
}

const DATA: &str = "unspool-data";

fn addr(value: &str) -> Result<SocketAddr, Rejected> {
    let named = value.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let accepted = "an address with a port is accepted, as 127.0.0.1:5001 or [::1]:5001";
    named.as_deref().unwrap_or(value).parse().map_err(|_| Rejected::new(value, accepted))
}

/// A blank folder is the default one.
fn data(value: &str) -> Result<PathBuf, Rejected> {
    Ok(PathBuf::from(if value.trim().is_empty() { DATA } else { value }))
}

fn import_bytes(value: &str) -> Result<u64, Rejected> {
    number(value, 1..=1 << 40, "a number of bytes from 1 to 1099511627776 is accepted")
}

fn body_bytes(value: &str) -> Result<usize, Rejected> {
    number(value, 1..=1 << 30, "a number of bytes from 1 to 1073741824 is accepted")
}
