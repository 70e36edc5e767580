use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::{Body, HttpBody},
};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

/// How much of a response is handed to its connection at once.
const PIECE_BYTES: usize = 32 * 1024;

/// A response that is sent piece by piece. Each piece is a copy: a slice would keep the whole response
/// in memory for as long as hyper buffers that slice for a client that reads nothing.
pub(super) struct Pieces {
    body: Body,
    /// The part of the body's last frame that has not been handed out yet.
    rest: Bytes,
    _permit: OwnedSemaphorePermit,
}

impl Pieces {
    pub(super) fn of(body: Body, permit: OwnedSemaphorePermit) -> Self {
        Self { body, rest: Bytes::new(), _permit: permit }
    }

    fn next(&mut self) -> Frame<Bytes> {
        let piece = self.rest.split_to(self.rest.len().min(PIECE_BYTES));
        Frame::data(Bytes::copy_from_slice(&piece))
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                end => return Poll::Ready(end),
            };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(other) => return Poll::Ready(Some(Ok(other))),
            }
        }
        Poll::Ready(Some(Ok(self.next())))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        match self.body.size_hint().exact() {
            Some(bytes) => SizeHint::with_exact(bytes + rest),
            None => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http_body_util::BodyExt;
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn the_permit_is_returned_when_the_response_is_dropped() {
        let budget = Arc::new(Semaphore::new(1));
        let permit = || Arc::clone(&budget).try_acquire_owned().unwrap();
        let whole: Vec<u8> = (0..100_000_u32).map(|it| (it % 251) as u8).collect();
        let mut pieces = Pieces::of(Body::from(whole.clone()), permit());
        assert_eq!(pieces.size_hint().exact(), Some(100_000));
        let mut received = Vec::new();
        while !pieces.is_end_stream() {
            let piece = pieces.frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(piece.len() <= PIECE_BYTES);
            received.extend_from_slice(&piece);
            assert_eq!(pieces.size_hint().exact(), Some(100_000 - received.len() as u64));
        }
        assert!(received == whole);
        assert_eq!(budget.available_permits(), 0);
        drop(pieces);
        drop(Pieces::of(Body::from(whole), permit()));
        assert_eq!(budget.available_permits(), 1);
    }
}
