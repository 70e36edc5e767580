use std::time::Duration;

use super::number::{count, millis};

/// What connections may use.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Connections")]
pub(crate) struct ConnectionLimits {
    /// Connections at once
    #[arg(
        long,
        env = "UNSPOOL_MAX_CONNECTIONS",
        value_name = "COUNT",
        default_value = "16384",
        value_parser = count
    )]
    pub(crate) max_connections: usize,
    /// Connections at once from one address
    #[arg(
        long,
        env = "UNSPOOL_MAX_CONNECTIONS_PER_ADDRESS",
        value_name = "COUNT",
        default_value = "4096",
        value_parser = count
    )]
    pub(crate) max_connections_per_address: usize,
    /// Milliseconds that a client may take to send a request's head
    #[arg(
        long = "head-deadline-ms",
        env = "UNSPOOL_HEAD_DEADLINE_MS",
        value_name = "MS",
        default_value = "10000",
        value_parser = millis
    )]
    pub(crate) head_deadline: Duration,
    /// Milliseconds that a client may take to send a request's body
    #[arg(
        long = "body-deadline-ms",
        env = "UNSPOOL_BODY_DEADLINE_MS",
        value_name = "MS",
        default_value = "30000",
        value_parser = millis
    )]
    pub(crate) body_deadline: Duration,
    /// Milliseconds after which a client that reads nothing is let go
    #[arg(
        long = "stall-ms",
        env = "UNSPOOL_STALL_MS",
        value_name = "MS",
        default_value = "30000",
        value_parser = millis
    )]
    pub(crate) stall: Duration,
}
