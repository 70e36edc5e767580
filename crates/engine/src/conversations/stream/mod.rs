mod entries;
mod opening;
mod replies;
mod snapshots;

use protocol::conversation::Event;
use tokio::sync::watch;

use super::{Cursor, followed_reply::FollowedReply};
use crate::{Engine, SubscribeError};

/// What a viewer of conversations gets.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// An event, and the cursor behind it.
    Event(Cursor, Box<Event>),
    /// What the viewer has of a reply already: the text that the next chunks continue. It comes
    /// where a stream resumes in the middle of one, for those who must know.
    Prior {
        /// The reply.
        message_id: String,
        /// Its text so far.
        text: String,
    },
}

/// A viewer's cursor over an owner's conversations, or over one of them. It holds no queue: what it
/// has not asked for yet is in the logs.
pub struct ConversationStream {
    engine: Engine,
    owner: String,
    /// The one conversation that it is about.
    conversation_id: Option<String>,
    place: Cursor,
    /// The replies that it reads, in the order of their entries.
    replies: Vec<FollowedReply>,
    /// Something may have happened that it has not looked for yet.
    is_behind: bool,
    changes: watch::Receiver<()>,
    merges: bool,
    /// Counts waits.
    turn: usize,
    /// What is to be given out first.
    opening: Vec<Incoming>,
    is_over: bool,
}

impl ConversationStream {
    /// Where it stands.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let replies = self.replies.iter().map(|reply| (reply.entry.seq, reply.event)).collect();
        Cursor { replies, ..self.place.clone() }
    }

    /// Merges neighbouring chunks of a reply however few there are.
    pub fn merge_always(&mut self) {
        self.merges = true;
        self.replies.iter_mut().for_each(FollowedReply::merge_always);
    }

    /// Waits for what follows. None when nothing does: the conversation was deleted, or the server
    /// closes down and no reply is being written.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<Incoming>>, store::Error> {
        if !self.opening.is_empty() {
            return Ok(Some(std::mem::take(&mut self.opening)));
        }
        let mut given = Vec::new();
        self.begin_replies(&mut given);
        while given.is_empty() && !self.is_over {
            self.is_behind |= self.changes.has_changed().unwrap_or_default();
            if self.place.sends_snapshots {
                self.send_snapshot(&mut given).await?;
            } else if self.is_behind && self.ended_reply().is_none() {
                self.read_entries(&mut given).await?;
            } else if !self.read_replies(&mut given).await? {
                break;
            }
        }
        Ok(Some(given).filter(|given| !given.is_empty()))
    }
}

/// A reply that is not there any more, or was left without an end, is not followed.
fn unless_gone(followed: Result<(), SubscribeError>) -> Result<(), store::Error> {
    match followed {
        Err(SubscribeError::Store(store::Error::Abandoned | store::Error::UnknownGeneration)) => {
            Ok(())
        }
        Err(SubscribeError::Store(error)) => Err(error),
        _ => Ok(()),
    }
}
