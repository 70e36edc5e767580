use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use smallvec::SmallVec;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// Slices of at most this total length are copied into one and written together, which costs less
/// than a vectored write.
const JOINED_BYTES: usize = 1024;

/// A connection whose writes fail when the client has read nothing for the time `deadline`.
///
/// The deadline applies to the socket, below HTTP. All of a connection's writes go through here, so no
/// layer above needs a deadline of its own.
pub(super) struct StallTimeout {
    stream: TcpStream,
    deadline: Duration,
    /// Runs while a write is pending because the socket's send buffer is full.
    timer: Option<Pin<Box<Sleep>>>,
}

impl StallTimeout {
    pub(super) fn new(stream: TcpStream, deadline: Duration) -> Self {
        Self { stream, deadline, timer: None }
    }

    /// Fails a write that has been pending for longer than the deadline.
    fn check_deadline<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.timer = None;
            return written;
        }
        let deadline = self.deadline;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(deadline)));
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Copies `slices` into one, when they are short.
fn join(slices: &[IoSlice<'_>]) -> Option<SmallVec<[u8; JOINED_BYTES]>> {
    if slices.iter().map(|slice| slice.len()).sum::<usize>() > JOINED_BYTES {
        return None;
    }
    let mut joined = SmallVec::new();
    slices.iter().for_each(|slice| joined.extend_from_slice(slice));
    Some(joined)
}

impl AsyncRead for StallTimeout {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for StallTimeout {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.check_deadline(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match join(slices) {
            Some(joined) => Pin::new(&mut self.stream).poll_write(context, &joined),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, slices),
        };
        self.check_deadline(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
