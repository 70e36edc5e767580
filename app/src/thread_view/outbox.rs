use leptos::{prelude::*, task::spawn_local};
use protocol::{ProblemCode, conversation::NewTurn};

use super::ThreadView;
use crate::{
    api_error::ApiError, browser, chat::Sent, commands::conversations::send_message,
    hooks::text_in_time,
};

/// A message on its way to the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    /// Makes it the same message each time it is sent: the first answer may have been lost.
    pub(crate) key: u64,
    pub(crate) turn: NewTurn,
    pub(crate) state: OutgoingState,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OutgoingState {
    /// It waits until the reply that runs has ended.
    Queued,
    Sending,
    /// It was not taken, and this says why.
    Failed(String),
}

impl ThreadView {
    /// Sends a message, after those that wait. It follows `parent_id`, or else what is shown last.
    pub(crate) fn send(self, content: String, parent_id: Option<String>) {
        let persona_id = self.persona.get_untracked();
        let turn = self.conversation.with_untracked(|conversation| NewTurn {
            content,
            conversation_id: self.is_begun().then(|| conversation.id.clone()),
            parent_id,
            persona_id: (Some(&persona_id) != conversation.persona_id.as_ref())
                .then_some(persona_id)
                .filter(|id| !id.is_empty() || conversation.persona_id.is_some()),
            generation_id: conversation.generation_id.clone().filter(|_| !self.is_begun()),
            model: self.model.asked(),
        });
        let key = browser::random();
        self.outgoing.update(|all| {
            all.push(Outgoing { key, turn, state: OutgoingState::Queued });
        });
        self.send_next();
    }

    /// Sends the first message that waits, unless it still has to.
    pub(crate) fn send_next(self) {
        if self.conversation.with_untracked(|all| all.running().is_some()) {
            return;
        }
        let next = self.outgoing.with_untracked(|all| all.first().cloned());
        let Some(next) = next.filter(|next| next.state == OutgoingState::Queued) else { return };
        self.set_state(next.key, OutgoingState::Sending);
        spawn_local(async move {
            let answer = text_in_time(send_message(next.turn.clone(), Some(next.key))).await;
            match answer {
                Ok(turn) => {
                    let NewTurn { content, parent_id, .. } = next.turn;
                    let parent_id = parent_id.or_else(|| self.leaf_id());
                    let parent_id = parent_id.filter(|id| *id != turn.conversation_id);
                    let sent_ms = now_ms();
                    self.accepted(Sent { turn, message: Some((content, parent_id)), sent_ms });
                    self.outgoing.try_update(|all| all.retain(|other| other.key != next.key));
                }
                Err(ApiError::Refused(problem)) if problem.code == ProblemCode::ReplyRunning => {
                    self.set_state(next.key, OutgoingState::Queued);
                    self.send_later();
                }
                Err(error) => {
                    self.set_state(next.key, OutgoingState::Failed(self.explain(error)));
                }
            }
        });
    }

    /// Sends a message that was not taken once more.
    pub(crate) fn send_again(self, key: u64) {
        self.set_state(key, OutgoingState::Queued);
        self.send_next();
    }

    /// Takes a message back that was not sent.
    pub(crate) fn take_back(self, key: u64) -> Option<String> {
        let taken = self.outgoing.try_update(|all| {
            let at = all.iter().position(|outgoing| outgoing.key == key)?;
            (all[at].state != OutgoingState::Sending).then(|| all.remove(at))
        })??;
        self.send_next();
        Some(taken.turn.content)
    }

    fn set_state(self, key: u64, state: OutgoingState) {
        self.outgoing.try_update(|all| {
            if let Some(outgoing) = all.iter_mut().find(|outgoing| outgoing.key == key) {
                outgoing.state = state;
            }
        });
    }

    fn leaf_id(self) -> Option<String> {
        self.conversation.try_with_untracked(|all| all.leaf_id.clone()).flatten()
    }
}

/// Milliseconds since the Unix epoch.
pub(super) fn now_ms() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "after 1970")]
    let now_ms = browser::now_ms() as u64;
    now_ms
}
