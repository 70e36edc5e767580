use http::HeaderValue;
use url::{Host, Url};

use super::{Rejected, hosts::is_name};

/// Which origins browsers may call from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origins {
    Any,
    Listed(Vec<HeaderValue>),
}

/// Schemes of origins that browsers send beside `http` and `https`: of extensions, and of programs
/// whose windows are web views.
const OWN_SCHEMES: [&str; 7] = [
    "app",
    "capacitor",
    "chrome-extension",
    "ionic",
    "moz-extension",
    "safari-web-extension",
    "tauri",
];

pub(super) fn origins(value: &str) -> Result<Origins, Rejected> {
    let value = value.trim();
    if value == "*" {
        return Ok(Origins::Any);
    }
    let listed = value.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    listed.map(origin).collect::<Result<_, _>>().map(Origins::Listed)
}

fn origin(value: &str) -> Result<HeaderValue, Rejected> {
    let accepted = "origins such as https://example.org, of http, https or an extension, without a \
                    path or *, separated by commas, or * alone is accepted";
    let as_sent = site(value).and_then(|url| as_browsers_say(&url).parse().ok());
    as_sent.ok_or_else(|| {
        let shown = if value.contains('@') { "not shown, as it holds a login" } else { value };
        Rejected::new(shown, accepted)
    })
}

/// What consists of scheme, host and perhaps port, and could be the origin of a page.
pub(super) fn site(value: &str) -> Option<Url> {
    // What `Url` would mend is no origin as it stands.
    let (_, authority) = value.split_once("://")?;
    if authority.is_empty() || authority.contains(['/', '\\', '?', '#', '@']) {
        return None;
    }
    let url = Url::parse(value).ok()?;
    let is_host = match url.host()? {
        Host::Domain(name) => is_name(name),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    let is_sent = matches!(url.scheme(), "http" | "https") || OWN_SCHEMES.contains(&url.scheme());
    (is_host && is_sent && !value.contains(char::is_whitespace)).then_some(url)
}

/// An origin in small letters, without the port that its scheme has anyway.
fn as_browsers_say(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_lowercase();
    match url.port() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }
}
