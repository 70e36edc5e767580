use std::{net::IpAddr, sync::Arc};

use super::Rejected;

/// Which addresses a proxy may have that is believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxies(Arc<[Network]>);

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, Debug)]
struct Network {
    address: u128,
    bits: u32,
    is_v4: bool,
}

impl TrustedProxies {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a connection from `address` is that of a proxy.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let (number, is_v4) = number(address);
        self.0.iter().any(|it| it.is_v4 == is_v4 && it.address == masked(number, it.bits))
    }
}

/// An address as a number that begins at the left. An IPv4 address in IPv6's clothes is one.
fn number(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, true),
        IpAddr::V6(address) => (address.to_bits(), false),
    }
}

fn masked(number: u128, bits: u32) -> u128 {
    number & u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

pub(super) fn trusted_proxies(value: &str) -> Result<TrustedProxies, Rejected> {
    let listed = value.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    listed.map(network).collect::<Result<Arc<[_]>, _>>().map(TrustedProxies)
}

fn network(value: &str) -> Result<Network, Rejected> {
    let read = || {
        let (address, bits) = match value.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (value, None),
        };
        let (number, is_v4) = number(address.parse().ok()?);
        let most = if is_v4 { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then(|| Network { address: masked(number, bits), bits, is_v4 })
    };
    let accepted = "addresses such as 127.0.0.1 or 10.0.0.0/8, separated by commas, are accepted";
    read().ok_or_else(|| Rejected::new(value, accepted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_begin_as_it_does() {
        let listed = trusted_proxies("127.0.0.1, 10.1.0.0/16,2001:db8::/32").unwrap();
        for (address, is_in) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("127.0.0.2", false),
            ("10.1.255.1", true),
            ("10.2.0.1", false),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(listed.contains(address.parse().unwrap()), is_in, "{address}");
        }
        assert!(trusted_proxies("0.0.0.0/0").unwrap().contains("9.9.9.9".parse().unwrap()));
        for wrong in ["proxy", "10.0.0.0/33", "10.0.0.0/x", "10.0.0"] {
            assert!(trusted_proxies(wrong).is_err(), "{wrong}");
        }
    }
}
