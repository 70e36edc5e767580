use std::borrow::Cow;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::BoxStream;
use memchr::memchr2;

use super::body::Body;
use crate::Error;

const BOM: &[u8] = "\u{feff}".as_bytes();

/// The lines of an answer, however its bytes were cut. They end as in an event stream (WHATWG
/// HTML, 9.2.6): with a line feed, a carriage return, or both.
pub(crate) struct Lines {
    bytes: BoxStream<'static, Result<Bytes, Error>>,
    buffer: BytesMut,
    /// How far no end of a line was found.
    searched: usize,
    /// A carriage return has ended the last line: a line feed right behind it belongs to it.
    after_return: bool,
    is_first: bool,
    ended: bool,
}

impl Lines {
    pub(crate) fn new(body: Body) -> Self {
        Self::of(body.pieces().boxed())
    }

    fn of(bytes: BoxStream<'static, Result<Bytes, Error>>) -> Self {
        let buffer = BytesMut::new();
        Self { bytes, buffer, searched: 0, after_return: false, is_first: true, ended: false }
    }

    /// The next line without its end; none behind the last one.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<BytesMut, Error>>> {
        loop {
            if let Some(line) = self.take() {
                return Poll::Ready(Some(Ok(line)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            match ready!(self.bytes.poll_next_unpin(context)) {
                Some(Ok(piece)) => self.buffer.extend_from_slice(&piece),
                Some(Err(error)) => {
                    self.ended = true;
                    self.buffer.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.ended = true,
            }
        }
    }

    fn take(&mut self) -> Option<BytesMut> {
        if self.after_return && !self.buffer.is_empty() {
            self.after_return = false;
            if self.buffer.starts_with(b"\n") {
                self.buffer.advance(1);
            }
        }
        let mut line = match memchr2(b'\n', b'\r', &self.buffer[self.searched..]) {
            Some(at) => {
                let line = self.buffer.split_to(self.searched + at);
                self.after_return = self.buffer.get_u8() == b'\r';
                line
            }
            // Some leave out the end of their last line.
            None if self.ended && !self.buffer.is_empty() => self.buffer.split(),
            None => {
                self.searched = self.buffer.len();
                return None;
            }
        };
        self.searched = 0;
        if std::mem::take(&mut self.is_first) && line.starts_with(BOM) {
            line.advance(BOM.len());
        }
        Some(line)
    }
}

/// A line as text. What is no UTF-8 is replaced.
pub(crate) fn text(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line)
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, stream};
    use proptest::prelude::*;

    use super::*;

    fn lines(pieces: Vec<&[u8]>) -> Vec<String> {
        let pieces: Vec<_> =
            pieces.into_iter().map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let mut lines = Lines::of(stream::iter(pieces).boxed());
        let mut found = Vec::new();
        let next = || std::future::poll_fn(|context| lines.poll_next(context)).now_or_never();
        let mut next = next;
        while let Some(Some(line)) = next() {
            found.push(text(&line.unwrap()).into_owned());
        }
        found
    }

    #[test]
    fn lines_end_in_every_way() {
        assert_eq!(
            lines(vec![b"\xef\xbb\xbfa\nb\r\nc\rd\r\r\n\n\ne"]),
            ["a", "b", "c", "d", "", "", "", "e"]
        );
        assert_eq!(lines(vec![b"a\r", b"\nb"]), ["a", "b"]);
        assert_eq!(lines(vec![]), [""; 0]);
    }

    proptest! {
        #[test]
        fn lines_are_the_same_however_they_are_cut(
            text in "[ab新\u{feff}\r\n]{0,60}", cuts in prop::collection::vec(any::<usize>(), 0..20),
        ) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect();
            prop_assert_eq!(lines(pieces), lines(vec![bytes]));
        }
    }
}
