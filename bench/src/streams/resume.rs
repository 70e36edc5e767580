use std::{cell::RefCell, rc::Rc, time::Duration};

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    contender::CONTENDERS,
    process::Server,
    viewer::{self, Received, now},
};

/// How many events the generation has that is resumed.
const EVENTS: u64 = 20_000;

const ROUNDS: usize = 9;

/// Prints how long it takes to resume in the middle of a generation that has ended.
pub(crate) async fn measure() -> Result<()> {
    let server = Server::start(&CONTENDERS[0]).await?;
    let path = viewer::start(server.port(), &format!("n={EVENTS}&y=1")).await?;
    let received = Rc::new(RefCell::new(Received::default()));
    viewer::view(server.port(), &path, &received).await?;
    let (mut firsts, mut lasts) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (first, last) = resume(server.port(), &path).await?;
        firsts.push(first);
        lasts.push(last);
    }
    firsts.sort_unstable();
    lasts.sort_unstable();
    println!(
        "\nresuming after event {} of {}: first event {:.2} ms, last {:.2} ms (medians of {ROUNDS})",
        EVENTS / 2,
        received.borrow().events,
        firsts[ROUNDS / 2].as_secs_f64() * 1e3,
        lasts[ROUNDS / 2].as_secs_f64() * 1e3,
    );
    Ok(())
}

/// Connects in the middle, and returns how long the first and the last replayed event took.
async fn resume(port: u16, path: &str) -> Result<(Duration, Duration)> {
    let since = now();
    let elapsed = || Duration::from_nanos(u64::try_from(now() - since).unwrap_or_default());
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nlast-event-id: {}\r\nconnection: close\r\n\r\n",
        EVENTS / 2
    );
    stream.write_all(request.as_bytes()).await?;
    let mut first = None;
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut bytes).await? {
            0 => return Ok((first.unwrap_or_else(elapsed), elapsed())),
            read if memchr::memmem::find(&bytes[..read], b"data: ").is_some() => {
                first.get_or_insert_with(elapsed);
            }
            _ => {}
        }
    }
}
