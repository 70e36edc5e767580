use std::{cell::RefCell, io, rc::Rc};

use memchr::{memchr, memmem};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::TcpStream,
};

use super::contender::{Contender, Kind};

/// How many bytes of an incomplete line are kept for the next read.
const KEPT_BYTES: usize = 512;

/// What a viewer requests from a server.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Request {
    /// The stream at this path.
    Get(String),
    /// A generation of this text, started by the viewer, and then its stream.
    GenerationEach(String),
    /// The stream of a generation of this text, which all viewers share.
    OneGeneration(String),
}

impl Request {
    pub(crate) fn of(contender: &Contender, query: &str) -> Self {
        match contender.kind {
            Kind::GenerationEach => Self::GenerationEach(query.to_owned()),
            Kind::OneGeneration => Self::OneGeneration(query.to_owned()),
            _ => Self::Get(format!("/sse?{query}")),
        }
    }
}

/// What all viewers together have received.
#[derive(Default)]
pub(crate) struct Received {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    pub(crate) streams: u64,
    pub(crate) failures: u64,
    /// How many connections have received an event.
    pub(crate) open: u32,
    /// Whether delays are recorded.
    pub(crate) records_delays: bool,
    /// The microseconds between the creation of each event and its arrival.
    pub(crate) delays: Vec<u32>,
}

/// Starts a generation and returns the path of its event stream.
pub(crate) async fn start(port: u16, text: &str) -> io::Result<String> {
    let body = format!("{{\"text\":\"{text}\"}}");
    let request = format!(
        "POST /api/generations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let path = answer.split("\"events\":\"").nth(1).and_then(|rest| rest.split('"').next());
    path.map(str::to_owned).ok_or_else(|| io::Error::other(answer))
}

/// Reads one stream to its end.
pub(crate) async fn view(
    port: u16,
    path: &str,
    received: &Rc<RefCell<Received>>,
) -> io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    // All connections read into one buffer, and keep only an incomplete line of their own: a buffer
    // for each of thousands would take much memory.
    let mut kept = Vec::new();
    let mut is_first = true;
    loop {
        stream.ready(Interest::READABLE).await?;
        let Some(read) = BUFFER.with_borrow_mut(|buffer| {
            let from = kept.len();
            buffer[..from].copy_from_slice(&kept);
            let read = match stream.try_read(&mut buffer[from..]) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                read => read?,
            };
            let bytes = &buffer[..from + read];
            let rest = count(bytes, read, &mut received.borrow_mut());
            kept.clear();
            kept.extend_from_slice(&bytes[rest.max(bytes.len().saturating_sub(KEPT_BYTES))..]);
            Ok::<_, io::Error>(Some(read))
        })?
        else {
            continue;
        };
        if read == 0 || kept.ends_with(b"\r\n0\r\n\r\n") {
            received.borrow_mut().streams += 1;
            return Ok(());
        }
        if std::mem::take(&mut is_first) {
            received.borrow_mut().open += 1;
        }
    }
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Counts the events in `bytes`, of which the last `read` bytes are new. Returns where the first
/// incomplete line begins.
fn count(bytes: &[u8], read: usize, received: &mut Received) -> usize {
    let now = now();
    let mut from = 0;
    received.bytes += read as u64;
    while let Some(at) = memmem::find(&bytes[from..], b"data: ") {
        let line = from + at;
        let Some(length) = memchr(b'\n', &bytes[line..]) else { return line };
        received.events += 1;
        if received.records_delays
            && let Some(made) = time_in(&bytes[line..line + length])
        {
            received.delays.push(u32::try_from((now - made) / 1000).unwrap_or_default());
        }
        from = line + length + 1;
    }
    // The last bytes may be the beginning of the next `data: `.
    from.max(bytes.len().saturating_sub(16))
}

/// The time at which an event was created, which its data has as `"t":123` or as `@123`.
fn time_in(line: &[u8]) -> Option<i64> {
    let at = match memchr(b'@', line) {
        Some(at) => at + 1,
        None => memmem::find(line, b"\"t\":")? + 4,
    };
    let digits = line[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// The monotonic clock in nanoseconds. All processes share this clock, so that their times compare.
pub(crate) fn now() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}
