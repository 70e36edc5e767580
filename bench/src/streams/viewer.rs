use std::{cell::RefCell, io, rc::Rc};

use memchr::{memchr, memmem};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::TcpStream,
};

use super::contender::{Contender, Kind};

/// The longest line that may be cut between two reads.
const CARRIED: usize = 512;

/// What a viewer asks a server for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// A stream of its own.
    Get(String),
    /// A generation of its own, and then its stream.
    GenerationEach(String),
    /// The stream of the one generation that all share.
    OneGeneration(String),
}

impl Ask {
    pub(crate) fn of(contender: &Contender, asked: &str) -> Self {
        match contender.kind {
            Kind::GenerationEach => Self::GenerationEach(asked.to_owned()),
            Kind::OneGeneration => Self::OneGeneration(asked.to_owned()),
            _ => Self::Get(format!("/sse?{asked}")),
        }
    }
}

/// What all viewers have seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    pub(crate) streams: u64,
    pub(crate) failures: u64,
    /// Connections that have had an event.
    pub(crate) open: u32,
    /// Whether delays are noted.
    pub(crate) noting: bool,
    /// Microseconds from an event's making to its arrival.
    pub(crate) delays: Vec<u32>,
}

/// Starts a generation and gives its events' path.
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
pub(crate) async fn view(port: u16, path: &str, seen: &Rc<RefCell<Seen>>) -> io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    // What waits on so many connections takes no room: bytes are read where all can share it.
    let mut carried = Vec::new();
    let mut is_first = true;
    loop {
        stream.ready(Interest::READABLE).await?;
        let Some(read) = SHARED.with_borrow_mut(|room| {
            let from = carried.len();
            room[..from].copy_from_slice(&carried);
            let read = match stream.try_read(&mut room[from..]) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                read => read?,
            };
            let bytes = &room[..from + read];
            let rest = count(bytes, read, &mut seen.borrow_mut());
            carried.clear();
            carried.extend_from_slice(&bytes[rest.max(bytes.len().saturating_sub(CARRIED))..]);
            Ok::<_, io::Error>(Some(read))
        })?
        else {
            continue;
        };
        if read == 0 || carried.ends_with(b"\r\n0\r\n\r\n") {
            seen.borrow_mut().streams += 1;
            return Ok(());
        }
        if std::mem::take(&mut is_first) {
            seen.borrow_mut().open += 1;
        }
    }
}

thread_local! {
    static SHARED: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Counts the events in `bytes`, of which the last `read` are new; tells where the first line
/// begins that is not whole.
fn count(bytes: &[u8], read: usize, seen: &mut Seen) -> usize {
    let now = now();
    let mut from = 0;
    seen.bytes += read as u64;
    while let Some(at) = memmem::find(&bytes[from..], b"data: ") {
        let line = from + at;
        let Some(length) = memchr(b'\n', &bytes[line..]) else { return line };
        seen.events += 1;
        if seen.noting
            && let Some(made) = time_in(&bytes[line..line + length])
        {
            seen.delays.push(u32::try_from((now - made) / 1000).unwrap_or_default());
        }
        from = line + length + 1;
    }
    // The beginning of the next word may be there already.
    from.max(bytes.len().saturating_sub(16))
}

/// When an event was made: `"t":123` or `@123`.
fn time_in(line: &[u8]) -> Option<i64> {
    let at = match memchr(b'@', line) {
        Some(at) => at + 1,
        None => memmem::find(line, b"\"t\":")? + 4,
    };
    let digits = line[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// Nanoseconds of the monotonic clock, which is the same in every process.
pub(crate) fn now() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}
