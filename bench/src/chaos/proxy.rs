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

/// The proxy cuts a connection at one write in so many.
const CUT_ONE_IN: u32 = 250;

/// The proxy delays one write in so many.
const DELAY_ONE_IN: u32 = 60;

/// The longest delay in milliseconds.
const DELAY_MS: u64 = 250;

/// The longest write in bytes.
const WRITE_BYTES: usize = 4096;

/// A bad network between viewers and server: it cuts connections, and delays and splits what they
/// send, at random.
pub(super) struct Proxy {
    address: SocketAddr,
    server: watch::Sender<SocketAddr>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy in front of the server at that address.
    pub(super) async fn start(server: SocketAddr, mut rng: fastrand::Rng) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (server, current) = watch::channel(server);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, *current.borrow(), rng.fork()));
            }
        });
        Ok(Self { address, server, accepting })
    }

    /// The address that viewers connect to.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends new connections to another address.
    pub(super) fn forward_to(&self, server: SocketAddr) {
        self.server.send_replace(server);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Forwards bytes both ways until either direction ends or is cut, and then closes both.
async fn forward(client: TcpStream, server: SocketAddr, mut rng: fastrand::Rng) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let _ = client.set_nodelay(true).and_then(|()| server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let other = rng.fork();
    tokio::select! {
        _ = copy(from_client, to_server, other) => {}
        _ = copy(from_server, to_client, rng) => {}
    }
}

async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut rng: fastrand::Rng,
) -> io::Result<()> {
    let mut bytes = [0; WRITE_BYTES];
    loop {
        let most = 1 << rng.u32(4..=WRITE_BYTES.ilog2());
        let read = from.read(&mut bytes[..most]).await?;
        if read == 0 {
            return Ok(());
        }
        // The cut may be in the middle of a frame.
        if rng.u32(..CUT_ONE_IN) == 0 {
            return to.write_all(&bytes[..rng.usize(..read)]).await;
        }
        if rng.u32(..DELAY_ONE_IN) == 0 {
            sleep(Duration::from_millis(rng.u64(1..=DELAY_MS))).await;
        }
        let (front, back) = bytes[..read].split_at(rng.usize(..read));
        to.write_all(front).await?;
        yield_now().await;
        to.write_all(back).await?;
    }
}
