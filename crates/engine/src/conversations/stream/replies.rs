//! What comes of the replies that are being written, as their logs tell it.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll},
};

use futures::FutureExt;
use store::Batch;

use super::{ConversationStream, Incoming};
use crate::conversations::followed_reply::{FollowedReply, Meaning, begin};

/// How many replies are followed at the same time; the others wait for one of them to end.
const FOLLOWED: usize = 64;

impl ConversationStream {
    /// Begins the replies of which nothing was given yet. This does not wait for their logs: what
    /// happens to a conversation afterwards comes behind it, however late these are read.
    pub(super) fn begin_replies(&mut self, given: &mut Vec<Incoming>) {
        while let Some(reply) = self.replies.iter_mut().find(|reply| reply.event == 0) {
            reply.event = 1;
            let event = begin(&reply.entry);
            given.push(Incoming::Event(self.cursor(), Box::new(event)));
        }
    }

    /// Waits until a reply goes on or something happens, and reads what has come of the replies.
    /// `false` when nothing will.
    pub(super) async fn read_replies(
        &mut self,
        given: &mut Vec<Incoming>,
    ) -> Result<bool, store::Error> {
        // What else is there goes along: one batch for each reply, so that none keeps others waiting.
        let mut left = self.replies.len();
        let mut woken = Some(self.wait().await?);
        while let Some(next) = woken {
            match next {
                Woken::Reply(place, batch) => self.read_reply(place, batch, given).await?,
                Woken::Change => self.is_behind = true,
                Woken::Closing => return Ok(false),
            }
            left = left.saturating_sub(1);
            let has_room = left > 0 && !self.is_behind;
            woken = if has_room { self.wait().now_or_never().transpose()? } else { None };
        }
        Ok(true)
    }

    /// Reads what has come of a reply.
    async fn read_reply(
        &mut self,
        place: usize,
        batch: Option<Batch>,
        given: &mut Vec<Incoming>,
    ) -> Result<(), store::Error> {
        let Some(batch) = batch else {
            self.forget(place);
            return Ok(());
        };
        for step in self.replies[place].read(&batch) {
            self.replies[place].event = step.event;
            let end = match step.meaning {
                Meaning::Event(event) => {
                    given.push(Incoming::Event(self.cursor(), Box::new(event)));
                    continue;
                }
                Meaning::End(end) => end,
            };
            let id = &self.replies[place].entry.id;
            let whole = self.engine.snapshot(&self.owner, id).await?;
            let reply = self.forget(place);
            // Without a snapshot, its conversation was deleted: that it was comes next.
            if let Some(whole) = whole {
                given.push(Incoming::Event(self.cursor(), Box::new(reply.end(&end, &whole))));
            }
            return Ok(());
        }
        self.replies[place].event = batch.last;
        Ok(())
    }

    /// The first of the replies that are to be read to their end before anything else.
    pub(super) fn ended_reply(&self) -> Option<usize> {
        self.replies.iter().position(|reply| reply.has_ended)
    }

    fn forget(&mut self, place: usize) -> FollowedReply {
        self.replies.remove(place)
    }

    async fn wait(&mut self) -> Result<Woken, store::Error> {
        let draining = self.engine.shared.draining.clone();
        let ended = self.ended_reply();
        let mut closing = pin!(draining.cancelled());
        let mut changed = pin!(self.changes.changed());
        // Another one comes first each time.
        self.turn = self.turn.wrapping_add(1);
        let (replies, first) = (&mut self.replies, self.turn);
        let woken = poll_fn(|context| {
            if let Poll::Ready(woken) = poll_replies(replies, ended, first, context) {
                return Poll::Ready(woken);
            }
            // The sender lives in the engine.
            if ended.is_none() && changed.as_mut().poll(context).is_ready() {
                return Poll::Ready(Ok(Woken::Change));
            }
            if replies.is_empty() && closing.as_mut().poll(context).is_ready() {
                return Poll::Ready(Ok(Woken::Closing));
            }
            Poll::Pending
        });
        woken.await
    }
}

/// What ended a wait.
enum Woken {
    /// That reply has gone on, or has ended.
    Reply(usize, Option<Batch>),
    /// Something happened.
    Change,
    /// The server closes down.
    Closing,
}

/// Looks at the replies that are followed, from `first` on, or at the one that has ended.
fn poll_replies(
    replies: &mut [FollowedReply],
    ended: Option<usize>,
    first: usize,
    context: &mut Context<'_>,
) -> Poll<Result<Woken, store::Error>> {
    let count = replies.len().min(FOLLOWED);
    let mut poll = |place: usize| {
        replies[place].poll_next(context).map(|batch| Ok(Woken::Reply(place, batch?)))
    };
    if let Some(ended) = ended {
        return poll(ended);
    }
    for place in (0..count).map(|step| (first + step) % count) {
        if let Poll::Ready(woken) = poll(place) {
            return Poll::Ready(woken);
        }
    }
    Poll::Pending
}
