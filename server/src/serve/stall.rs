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

/// What is shorter than this leaves in one piece: copying it costs less than a list of pieces does.
const SHORT: usize = 1024;

/// A connection whose client must take what is written to it: after `patience` without room for
/// another byte, writing fails, and the connection ends.
///
/// The deadline runs where the waiting is, below everything that could be stuck behind it.
pub(super) struct Stalling {
    stream: TcpStream,
    patience: Duration,
    /// Runs while there is no room.
    full: Option<Pin<Box<Sleep>>>,
}

impl Stalling {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, full: None }
    }

    fn watch<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.full = None;
            return written;
        }
        let patience = self.patience;
        let full = self.full.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(full.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

/// All of `slices` in one piece, when they are short.
fn join(slices: &[IoSlice<'_>]) -> Option<SmallVec<[u8; SHORT]>> {
    if slices.iter().map(|slice| slice.len()).sum::<usize>() > SHORT {
        return None;
    }
    let mut joined = SmallVec::new();
    slices.iter().for_each(|slice| joined.extend_from_slice(slice));
    Some(joined)
}

impl AsyncRead for Stalling {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stalling {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(written, context)
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
        self.watch(written, context)
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
