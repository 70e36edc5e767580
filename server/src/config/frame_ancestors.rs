use std::sync::Arc;

use url::Host;

use super::{Rejected, origins::site};

/// The source list of a policy's `frame-ancestors` (CSP Level 3, section 6.4.2).
pub(super) fn frame_ancestors(value: &str) -> Result<Arc<str>, Rejected> {
    let is_gap = |letter: char| letter == ',' || letter.is_whitespace();
    let listed = value.split(is_gap).filter(|part| !part.is_empty());
    let sources = listed.map(source).collect::<Result<Vec<_>, _>>()?;
    let stands_alone = |source: &String| matches!(source.as_str(), "'none'" | "*");
    match sources.as_slice() {
        [] => Ok("'self'".into()),
        [_, _, ..] if sources.iter().any(stands_alone) => Err(bad(value)),
        _ => Ok(sources.join(" ").into()),
    }
}

fn source(value: &str) -> Result<String, Rejected> {
    match value {
        // Shells take the quotes away.
        "self" | "'self'" => Ok("'self'".to_owned()),
        "none" | "'none'" => Ok("'none'".to_owned()),
        "*" => Ok(value.to_owned()),
        _ => embedding_site(value).ok_or_else(|| bad(value)),
    }
}

/// A site, or with `*.` before its name all below it.
fn embedding_site(value: &str) -> Option<String> {
    let (scheme, host) = value.split_once("://")?;
    let (below, host) = host.strip_prefix("*.").map_or(("", host), |host| ("*.", host));
    let url = site(&format!("{scheme}://{host}"))?;
    // Policies know no addresses of IPv6, and of others than web pages nothing but the scheme.
    let host = url.host().filter(|host| !matches!(host, Host::Ipv6(_)))?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let is_web = matches!(url.scheme(), "http" | "https");
    is_web.then(|| format!("{}://{below}{host}{port}", url.scheme()))
}

fn bad(value: &str) -> Rejected {
    let accepted = "'self' and sites such as https://portal.example or https://*.example.org, \
                    separated by commas, or 'none' or * alone is accepted";
    Rejected::new(value, accepted)
}
