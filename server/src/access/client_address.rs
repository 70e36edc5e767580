use std::net::IpAddr;

use http::{Extensions, HeaderMap};

use crate::config::TrustedProxies;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl Peer {
    /// Whether it is a proxy that is believed.
    pub(super) fn is_trusted(self, trusted: &TrustedProxies) -> bool {
        trusted.contains(self.0)
    }
}

/// That of the request's connection.
pub(super) fn peer(extensions: &Extensions) -> Peer {
    extensions.get().copied().unwrap_or(Peer(IpAddr::from([0, 0, 0, 0])))
}

/// The client's address: that of the connection or, behind a proxy that is believed, the last one
/// in `X-Forwarded-For` that is none of a proxy's. IPv6 addresses of one network count as one.
pub(super) fn client(headers: &HeaderMap, peer: Peer, trusted: &TrustedProxies) -> IpAddr {
    let mut client = peer.0;
    if peer.is_trusted(trusted) {
        let named = headers.get_all("x-forwarded-for").iter();
        let named = named.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(','));
        let named: Vec<IpAddr> = named.filter_map(|address| address.trim().parse().ok()).collect();
        let outside = named.into_iter().rev().find(|address| !trusted.contains(*address));
        client = outside.unwrap_or(client);
    }
    match client.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address => address,
    }
}
