use std::error::Error as _;
use std::time::Duration;

use reqwest::Url;

use crate::{Error, ErrorKind};

/// How often a connection on which nothing comes is tried, so that a dead one is noticed although
/// a model may think for long.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A plain client: no retries, no redirects (they would turn a POST into a GET), no total timeout.
pub(crate) fn client(url: &Url, connect: Duration) -> Result<reqwest::Client, Error> {
    // An error says that one is installed, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .connect_timeout(connect)
        .tcp_keepalive(KEEPALIVE)
        .tcp_keepalive_interval(KEEPALIVE)
        .tcp_keepalive_retries(3)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    if url.scheme() == "http" {
        // Without TLS no root certificates are needed: a bare container has none.
        builder = builder.tls_certs_only([]);
    }
    if url.host_str().is_some_and(is_loopback) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| Error::new(ErrorKind::Unreachable, cause(&error)))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// What an error comes down to. Its own words would repeat the URL.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}
