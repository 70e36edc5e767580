use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{JoinHandle, yield_now},
    time::sleep,
};

/// One write in so many is the connection's last.
const CUT: u32 = 250;

/// One write in so many is held back.
const STALL: u32 = 60;

/// Longest stall in milliseconds.
const STALL_MS: u64 = 250;

/// Longest write in bytes.
const WRITE_BYTES: usize = 4096;

/// The network between viewers and server. It cuts, stalls and splits at random.
pub(super) struct Proxy {
    address: SocketAddr,
    server: watch::Sender<SocketAddr>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Leads to the server at that address.
    pub(super) async fn start(server: SocketAddr, mut dice: fastrand::Rng) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (server, current) = watch::channel(server);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, *current.borrow(), dice.fork()));
            }
        });
        Ok(Self { address, server, accepting })
    }

    /// Where viewers connect.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads new connections to another address.
    pub(super) fn lead_to(&self, server: SocketAddr) {
        self.server.send_replace(server);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries bytes both ways until one of the two has ended or is cut; then neither goes on.
async fn carry(client: TcpStream, server: SocketAddr, mut dice: fastrand::Rng) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let _ = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let other = dice.fork();
    tokio::select! {
        _ = pump(from_client, to_server, other) => {}
        _ = pump(from_server, to_client, dice) => {}
    }
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut dice: fastrand::Rng,
) -> io::Result<()> {
    let mut bytes = [0; WRITE_BYTES];
    loop {
        let room = 1 << dice.u32(4..=WRITE_BYTES.ilog2());
        let read = from.read(&mut bytes[..room]).await?;
        if read == 0 {
            return Ok(());
        }
        // A cut may fall inside a write, too.
        if dice.u32(..CUT) == 0 {
            return to.write_all(&bytes[..dice.usize(..read)]).await;
        }
        if dice.u32(..STALL) == 0 {
            sleep(Duration::from_millis(dice.u64(1..=STALL_MS))).await;
        }
        let (front, back) = bytes[..read].split_at(dice.usize(..read));
        to.write_all(front).await?;
        yield_now().await;
        to.write_all(back).await?;
    }
}
