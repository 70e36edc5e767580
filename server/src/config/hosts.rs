use std::sync::Arc;

use url::Host;

use super::Rejected;

/// Names of the server, as they stand in `Host`: in small letters, without a dot at the end.
pub(super) fn hosts(value: &str) -> Result<Arc<[String]>, Rejected> {
    let listed = value.split(',').map(str::trim).filter(|name| !name.is_empty());
    listed.map(host).collect()
}

fn host(value: &str) -> Result<String, Rejected> {
    let accepted = "names such as unspool.example, without scheme, port or *, separated by commas \
                    are accepted; IP addresses and localhost need no listing";
    let host = Host::parse(value).ok().map(|host| host.to_string());
    let name = host.map(|name| name.strip_suffix('.').unwrap_or(&name).to_owned());
    name.filter(|name| is_name(name)).ok_or_else(|| Rejected::new(value, accepted))
}

/// Whether it is a name or an IPv4 address, which nothing in it makes into a pattern or a list.
pub(super) fn is_name(host: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !host.is_empty() && host.bytes().all(is_plain)
}
