//! What comes of the replies that are being written, as their logs tell it.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll},
};

use futures::FutureExt;
use store::Batch;

use super::{ConversationStream, Incoming};
use crate::conversations::followed_reply::{FollowedReply, Meaning};

/// How many replies are followed at the same time; the others wait for one of them to end.
const FOLLOWED: usize = 64;

impl ConversationStream {
    /// Waits until a reply goes on or something happens, and reads what has come of the replies.
    /// `false` when nothing will.
    pub(super) async fn read_replies(
        &mut self,
        given: &mut Vec<Incoming>,
    ) -> Result<bool, store::Error> {
        let mut woken = Some(self.wait().await?);
        // What else is there goes along, one batch a reply.
        for _ in 0..self.replies.len().max(1) {
            match woken {
                Some(Woken::Reply(place, batch)) => self.read_reply(place, batch, given).await?,
                Some(Woken::Closing) => return Ok(false),
                Some(Woken::Change) | None => break,
            }
            woken = self.wait().now_or_never().transpose()?;
        }
        // What was taken last is not to be lost.
        if let Some(Woken::Reply(place, batch)) = woken {
            self.read_reply(place, batch, given).await?;
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
                    given.push(Incoming::Event(self.cursor(), event));
                    continue;
                }
                Meaning::End(end) => end,
            };
            let id = &self.replies[place].entry.id;
            let whole = self.engine.snapshot(&self.owner, id).await?;
            let reply = self.forget(place);
            // Without a snapshot, its conversation was deleted: that it was comes next.
            if let Some(whole) = whole {
                given.push(Incoming::Event(self.cursor(), reply.end(&end, &whole)));
            }
            return Ok(());
        }
        self.replies[place].event = batch.last;
        Ok(())
    }

    fn forget(&mut self, place: usize) -> FollowedReply {
        self.catching_up = false;
        self.replies.remove(place)
    }

    async fn wait(&mut self) -> Result<Woken, store::Error> {
        let draining = self.engine.shared.draining.clone();
        let mut closing = pin!(draining.cancelled());
        let mut changed = pin!(self.changes.changed());
        // Another one comes first each time. The one that is caught up with came last.
        self.turn = self.turn.wrapping_add(1);
        let (replies, catching_up) = (&mut self.replies, self.catching_up);
        let first = if catching_up { replies.len().saturating_sub(1) } else { self.turn };
        let woken = poll_fn(|context| {
            if let Poll::Ready(woken) = poll_replies(replies, first, context) {
                return Poll::Ready(woken);
            }
            // The sender lives in the engine.
            if !catching_up && changed.as_mut().poll(context).is_ready() {
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

/// Looks at the replies that are followed, from `first` on.
fn poll_replies(
    replies: &mut [FollowedReply],
    first: usize,
    context: &mut Context<'_>,
) -> Poll<Result<Woken, store::Error>> {
    let followed = replies.len().min(FOLLOWED);
    // The one that is caught up with may lie beyond those.
    let places = (0..followed)
        .map(|step| (first + step) % followed)
        .chain(Some(first).filter(|first| (followed..replies.len()).contains(first)));
    for place in places {
        if let Poll::Ready(batch) = replies[place].poll_next(context) {
            return Poll::Ready(batch.map(|batch| Woken::Reply(place, batch)));
        }
    }
    Poll::Pending
}
