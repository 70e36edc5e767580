use std::task::{Context, Poll, ready};

use bytes::Bytes;
use engine::{ConversationStream, Cursor, Incoming, StoreError};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use protocol::conversation::{Connected, Event};

use super::ConversationDialect;
use crate::dialects::{Source, encoded::Pace};

/// A conversation stream in one dialect. It begins by telling the client its connection's id.
pub(crate) struct Conversations<D> {
    incoming: BoxStream<'static, Result<Vec<Incoming>, StoreError>>,
    dialect: D,
    pace: Option<Pace>,
    seq: u64,
    connected: Option<(Cursor, Connected)>,
}

impl<D: ConversationDialect> Conversations<D> {
    /// Sends `stream` on the connection of that id, at most so many times a second.
    pub(crate) fn new(
        mut stream: ConversationStream,
        connection_id: String,
        dialect: D,
        fps: Option<u32>,
    ) -> Self {
        if fps.is_some() {
            stream.merge_always();
        }
        let cursor = stream.cursor();
        Self {
            seq: cursor.seq(),
            connected: Some((cursor, Connected { connection_id })),
            incoming: stream::try_unfold(stream, async |mut stream| {
                Ok(stream.next().await?.map(|incoming| (incoming, stream)))
            })
            .boxed(),
            dialect,
            pace: fps.map(Pace::times_a_second),
        }
    }

    fn encode(&mut self, incoming: Vec<Incoming>) -> Bytes {
        let mut out = Vec::new();
        for incoming in incoming {
            match incoming {
                Incoming::Prior { message_id, text } => self.dialect.note_prior(message_id, text),
                Incoming::Event(cursor, event) => {
                    self.seq = cursor.seq();
                    self.dialect.encode(&cursor, *event, &mut out);
                }
            }
        }
        out.into()
    }
}

impl<D: ConversationDialect> Source for Conversations<D> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        if let Some((cursor, connected)) = self.connected.take() {
            let mut out = Vec::new();
            self.dialect.encode(&cursor, Event::Connected(connected), &mut out);
            return Poll::Ready(Some(Ok(out.into())));
        }
        loop {
            if let Some(pace) = &mut self.pace {
                ready!(pace.poll_ready(context));
            }
            let incoming = match ready!(self.incoming.poll_next_unpin(context)) {
                Some(Ok(incoming)) => incoming,
                Some(Err(error)) => {
                    tracing::warn!(error = error.with_causes(), "conversations broke off");
                    return Poll::Ready(Some(Err(error)));
                }
                None => return Poll::Ready(None),
            };
            let bytes = self.encode(incoming);
            if !bytes.is_empty() {
                self.pace.iter_mut().for_each(Pace::sent);
                return Poll::Ready(Some(Ok(bytes)));
            }
        }
    }

    fn cursor(&self) -> u64 {
        self.seq
    }
}
