use std::sync::Arc;

use super::{Origins, frame_ancestors::frame_ancestors, hosts::hosts, origins::origins};

/// Who may use the server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Access")]
pub(crate) struct AccessConfig {
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
