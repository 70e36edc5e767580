//! The limit: a socket, and one write an event.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::spawn_local,
};

use crate::timed_event::{Asked, TimedEvent};

const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        spawn_local(tell(stream));
    }
}

async fn tell(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = [0; 1024];
    let mut read = 0;
    while !head[..read].ends_with(b"\r\n\r\n") {
        match stream.read(&mut head[read..]).await? {
            0 => return Ok(()),
            more => read += more,
        }
    }
    let line = std::str::from_utf8(&head[..read]).unwrap_or_default();
    let path = line.split(' ').nth(1).unwrap_or_default();
    let asked = Asked::parse(path.split_once('?').map(|(_, query)| query));
    stream.write_all(HEAD).await?;
    for i in 0..asked.n {
        asked.due(i).await;
        stream.write_all(&TimedEvent::now(i).frame()).await?;
    }
    Ok(())
}
