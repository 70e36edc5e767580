use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// Size of a connection's send buffer in the system, in bytes.
///
/// By default, the system lets it grow to megabytes. Each client that reads nothing would take that
/// much memory, and a slow client would take so long to free any of it that it would look stalled.
const SEND_BUFFER: u32 = 64 * 1024;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens on `addr`. Accepted connections inherit the options that are set here.
pub(crate) fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}
