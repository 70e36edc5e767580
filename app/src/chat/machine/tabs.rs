//! What tabs are to each other: leader and followers, and what they post.

use super::{Machine, Role, Source};
use crate::{
    chat::{Effect, Message, Replays},
    silence::Silence,
};

/// How long a tab that shares nothing keeps its stream after it was hidden, in milliseconds.
const CLOSE_MS: u64 = 5_000;
/// How often a follower says hello until the leader answers, in milliseconds.
const HELLO_MS: u64 = 2_000;
/// How long the leader may take to answer, in milliseconds. After that, a follower fetches the
/// conversation when a reply runs.
const ANSWER_MS: u64 = 1_000;

impl Machine {
    /// Begins to follow. Whoever gets the lock leads; until then, another tab does.
    pub(super) fn join(&mut self) {
        if !matches!(self.role, Role::Inactive) || self.is_gone {
            return;
        }
        self.effects.push(Effect::JoinChannel);
        self.effects.push(Effect::RequestLock);
        self.role = Role::Follower { hello_ms: Some(self.now.clock_ms) };
    }

    /// Gives everything back that other tabs could use, or that keeps a page out of the
    /// back-forward cache.
    pub(super) fn leave(&mut self) {
        match std::mem::replace(&mut self.role, Role::Inactive) {
            Role::Inactive => return,
            Role::Follower { .. } => {}
            Role::Leader { .. } | Role::Alone { .. } => self.effects.push(Effect::CloseStream),
        }
        self.effects.push(Effect::LeaveChannel);
        self.effects.push(Effect::ReleaseLock);
        // What comes until the page is back is unknown to this tab, but not to its own stream.
        self.awaits_answer = false;
        self.refetch_ms = None;
        self.outage = None;
    }

    /// The lock is granted.
    pub(super) fn lead(&mut self) {
        if matches!(self.role, Role::Follower { .. }) {
            self.role = Role::Leader { source: Source::Closed, replays: Replays::default() };
            if self.cursor.is_some() {
                // It goes on from what this tab has loaded, which another leader need not have posted.
                self.announce_beginning();
            }
            self.connect();
        }
    }

    /// There is no lock.
    pub(super) fn go_alone(&mut self) {
        if !matches!(self.role, Role::Follower { .. }) {
            return;
        }
        self.effects.push(Effect::LeaveChannel);
        self.effects.push(Effect::ReleaseLock);
        self.role = Role::Alone { source: Source::Closed, close_ms: None };
        if !self.is_hidden {
            self.connect();
        }
    }

    pub(super) fn hidden(&mut self) {
        self.is_hidden = true;
        let clock_ms = self.now.clock_ms;
        if let Role::Alone { close_ms, .. } = &mut self.role {
            *close_ms = Some(clock_ms + CLOSE_MS);
        }
    }

    pub(super) fn shown(&mut self) {
        self.is_hidden = false;
        if let Role::Alone { source, close_ms } = &mut self.role {
            *close_ms = None;
            if matches!(source, Source::Closed) {
                return self.connect();
            }
        }
        if !matches!(self.role, Role::Inactive) {
            self.check_after_rest();
        }
    }

    pub(super) fn follower_time_passed(&mut self) {
        let now = self.now;
        match &mut self.role {
            Role::Follower { hello_ms } => {
                if hello_ms.is_some_and(|due_ms| due_ms <= now.clock_ms) {
                    *hello_ms = Some(now.clock_ms + HELLO_MS);
                    self.silence = Silence::with_limit(ANSWER_MS, now);
                    self.post(Message::Hello { tab: self.tab });
                }
            }
            Role::Alone { source, close_ms } => {
                if close_ms.take_if(|due_ms| *due_ms <= now.clock_ms).is_some() {
                    *source = Source::Closed;
                    self.effects.push(Effect::CloseStream);
                }
            }
            Role::Inactive | Role::Leader { .. } => {}
        }
    }

    pub(super) fn message_arrived(&mut self, message: Message) {
        match &self.role {
            Role::Leader { .. } => self.follower_posted(&message),
            Role::Follower { .. } => self.leader_posted(message),
            Role::Inactive | Role::Alone { .. } => {}
        }
    }

    fn follower_posted(&mut self, message: &Message) {
        match message {
            // Who comes before the stream has begun anew learns of that as all do.
            &Message::Hello { tab } if !self.is_restarting => {
                let Role::Leader { replays, .. } = &self.role else { return };
                let events = replays.events();
                self.post(Message::Replay { tab, events });
                if let Some(seconds) = self.outage {
                    self.post(Message::Waiting { seconds });
                }
            }
            Message::RestartWanted => self.lost(),
            _ => {}
        }
    }

    fn leader_posted(&mut self, message: Message) {
        let Role::Follower { hello_ms } = &mut self.role else { return };
        match message {
            Message::Replay { tab, events } if tab == self.tab => {
                *hello_ms = None;
                self.begin_after_leader();
                for event in events.iter().filter_map(|raw| raw.decode().ok()) {
                    self.apply(event);
                }
                self.show_outage(None);
                self.fetch();
            }
            Message::Restarted => {
                *hello_ms = None;
                self.begin_after_leader();
            }
            Message::Connected if hello_ms.is_some() => *hello_ms = Some(self.now.clock_ms),
            Message::Connected => {
                self.silence.restart(self.now);
                self.show_outage(None);
                if self.thread.awaits_snapshot() {
                    self.fetch();
                }
            }
            Message::Event(raw) if hello_ms.is_none() => {
                if let Ok(event) = raw.decode() {
                    self.apply(event);
                }
            }
            Message::Waiting { seconds } => self.show_outage(Some(seconds)),
            _ => {}
        }
    }

    /// From now on, the leader's events are all that there are. The own stream knows less.
    fn begin_after_leader(&mut self) {
        self.cursor = None;
        self.begin_anew();
    }
}
