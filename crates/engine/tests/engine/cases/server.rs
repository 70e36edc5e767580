use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A server that sends the first of these on its first connection, and so on, the last one again
/// and again, in pieces of these sizes in turn. Gives its base URL.
pub(super) async fn serve(answers: Vec<Vec<u8>>, sizes: Vec<usize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        let mut last = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            last = answers.next().unwrap_or(last);
            tokio::spawn(answer(stream, last.clone(), sizes.clone()));
        }
    });
    base_url
}

async fn answer(mut stream: TcpStream, bytes: Vec<u8>, sizes: Vec<usize>) {
    stream.set_nodelay(true).unwrap();
    if !is_read(&mut stream).await {
        return;
    }
    let mut rest = bytes.as_slice();
    for size in sizes.iter().cycle() {
        let (piece, left) = rest.split_at(rest.len().min(*size));
        if stream.write_all(piece).await.is_err() || left.is_empty() {
            return;
        }
        rest = left;
        tokio::task::yield_now().await;
    }
}

/// Reads a request to its end.
async fn is_read(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    loop {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(at) = head {
            let head = String::from_utf8_lossy(&bytes[..at]).to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= at + 4 + length {
                return true;
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return false;
        }
    }
}
