use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// What the system may hold for one connection on its way to the client, in bytes.
///
/// Left to itself, it grows to megabytes: memory for each client that reads nothing, and so much
/// to be taken before there is room again that a slow client looks like one that has gone.
const SEND_BUFFER: u32 = 64 * 1024;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens on `addr`. What is set here goes for every connection that is accepted.
pub(crate) fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}
