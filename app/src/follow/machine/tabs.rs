//! What tabs are to each other: leader and followers, and what they post.

use protocol::Step;

use super::Machine;
use crate::follow::{
    audience::Audience,
    effect::{Change, Effect},
    input::Lock,
    message::{Batch, Message},
    role::{Following, Role},
    silence::Silence,
    source::{HIDDEN_POLL_MS, POLL_MS, Source},
};

/// How long a tab that shares nothing keeps its stream after it was hidden, in milliseconds.
const REST_MS: u64 = 5_000;

impl Machine {
    /// Begins to follow. Whoever gets the generation's lock leads; until then, another tab does.
    pub(super) fn join(&mut self) {
        if !matches!(self.role, Role::Absent) {
            return;
        }
        if self.replica.is_ended() {
            return self.finish();
        }
        self.role = Role::Follower(Following::begin(self.now));
        self.effects.push(Effect::JoinChannel);
        self.effects.push(Effect::RequestLock(Lock::Generation));
        self.post(Message::Hello { tab: self.tab });
    }

    /// Gives everything back that other tabs could use, or that keeps a page out of the
    /// back-forward cache.
    pub(super) fn leave(&mut self) {
        if matches!(self.role, Role::Over { .. }) {
            return;
        }
        self.flush();
        match std::mem::replace(&mut self.role, Role::Absent) {
            Role::Absent | Role::Over { .. } => {}
            Role::Follower(_) => {
                self.post(Message::Bye { tab: self.tab });
                self.effects.push(Effect::LeaveChannel);
                self.effects.push(Effect::ReleaseLock(Lock::Generation));
            }
            Role::Leader { .. } => self.effects.extend([
                Effect::CloseStream,
                Effect::LeaveChannel,
                Effect::ReleaseLock(Lock::Stream),
                Effect::ReleaseLock(Lock::Generation),
            ]),
            Role::Alone { .. } => self.effects.push(Effect::CloseStream),
        }
    }

    /// The generation's lock is granted.
    pub(super) fn lead(&mut self) {
        if !matches!(self.role, Role::Follower(_)) {
            return;
        }
        let source = Source::polling(POLL_MS, self.now);
        self.role = Role::Leader { source, audience: Audience::default() };
        self.post(Message::Elected);
        self.effects.push(Effect::RequestLock(Lock::Stream));
    }

    /// There is no lock for the generation.
    pub(super) fn go_alone(&mut self) {
        if !matches!(self.role, Role::Follower(_)) {
            return;
        }
        self.effects.push(Effect::LeaveChannel);
        self.effects.push(Effect::ReleaseLock(Lock::Generation));
        let source = Source::polling(HIDDEN_POLL_MS, self.now);
        self.role = Role::Alone { source, rest_ms: None };
        if !self.is_hidden {
            self.connect();
        }
    }

    pub(super) fn hidden(&mut self) {
        self.is_hidden = true;
        let clock_ms = self.now.clock_ms;
        if let Role::Alone { rest_ms, .. } = &mut self.role {
            *rest_ms = Some(clock_ms + REST_MS);
        }
    }

    pub(super) fn shown(&mut self) {
        self.is_hidden = false;
        let clock_ms = self.now.clock_ms;
        match &mut self.role {
            // A tab may have slept while it was hidden, and have missed something.
            Role::Follower(following) => following.hello_ms = clock_ms,
            Role::Alone { source, rest_ms } => {
                *rest_ms = None;
                if matches!(source, Source::Polling { .. }) {
                    self.connect();
                }
            }
            _ => {}
        }
    }

    pub(super) fn follower_time_passed(&mut self) {
        let now = self.now;
        let Role::Follower(following) = &mut self.role else { return };
        let asks = following.silence.asks(now);
        if following.hello_ms <= now.clock_ms {
            following.hello_ms = Following::begin(now).hello_ms;
            self.post(Message::Hello { tab: self.tab });
        }
        if asks {
            self.fetch_snapshot();
        }
    }

    pub(super) fn message_arrived(&mut self, message: Message) {
        match &mut self.role {
            Role::Leader { audience, .. } => match message {
                Message::Hello { tab } => {
                    audience.note(tab, self.now);
                    self.post_position();
                }
                Message::SnapshotWanted { tab } => {
                    audience.note(tab, self.now);
                    if self.role.source().is_some_and(|source| source.flows()) {
                        self.post_snapshot();
                    }
                }
                Message::Bye { tab } => audience.forget(tab),
                _ => {}
            },
            Role::Follower(_) => self.leader_posted(message),
            _ => {}
        }
    }

    fn leader_posted(&mut self, message: Message) {
        let now = self.now;
        let Role::Follower(following) = &mut self.role else { return };
        match message {
            Message::Hello { .. } | Message::SnapshotWanted { .. } | Message::Bye { .. } => return,
            Message::Gone => return self.vanish(),
            Message::Snapshot { cursor, json } => return self.snapshot_posted(cursor, &json),
            _ if following.is_behind => return,
            _ => following.silence.restart(now),
        }
        match message {
            Message::Elected => self.post(Message::Hello { tab: self.tab }),
            Message::Waiting { seconds } => self.show_outage(Some(seconds)),
            Message::Position { cursor } => {
                self.show_outage(None);
                if cursor > self.replica.cursor() {
                    self.fall_behind();
                }
            }
            Message::Events(batch) => self.batch_posted(batch),
            _ => {}
        }
    }

    fn batch_posted(&mut self, batch: Batch) {
        self.show_outage(None);
        let mut after = batch.after;
        for event in batch.events {
            let is_next = after == self.replica.cursor();
            after = event.id;
            if event.id <= self.replica.cursor() {
                continue;
            }
            if !is_next {
                self.show(Change::Lost);
                return self.fall_behind();
            }
            if self.apply(&event) == Step::Lost {
                return self.fall_behind();
            }
        }
        if self.replica.is_ended() {
            self.finish();
        }
    }

    /// Wants the leader's snapshot. If that does not come soon, the server is asked.
    fn fall_behind(&mut self) {
        let now = self.now;
        if let Role::Follower(following) = &mut self.role {
            following.is_behind = true;
            following.silence = Silence::long_in(POLL_MS, now);
            self.post(Message::SnapshotWanted { tab: self.tab });
        }
    }

    fn snapshot_posted(&mut self, cursor: u64, json: &str) {
        let now = self.now;
        let Role::Follower(following) = &mut self.role else { return };
        let is_wanted = following.is_behind && cursor == self.replica.cursor();
        if cursor > self.replica.cursor() || is_wanted {
            // A page of another version may not understand it, and is told by the server.
            let Ok(snapshot) = serde_json::from_str(json) else { return };
            following.is_behind = false;
            self.restart(snapshot, is_wanted);
        }
        if let Role::Follower(following) = &mut self.role
            && !following.is_behind
        {
            following.silence.restart(now);
            self.show_outage(None);
        }
        if self.replica.is_ended() {
            self.finish();
        }
    }

    pub(super) fn post(&mut self, message: Message) {
        self.effects.push(Effect::Post(message));
    }

    /// Tells the followers where this tab is, if that is where the server is.
    pub(super) fn post_position(&mut self) {
        let flows = self.role.source().is_some_and(|source| source.flows());
        if flows && self.role.audience().is_some() {
            self.flush();
            self.post(Message::Position { cursor: self.replica.cursor() });
        }
    }

    /// Gives the followers all that there is.
    pub(super) fn post_snapshot(&mut self) {
        if self.role.audience().is_none() {
            return;
        }
        self.flush();
        if let Ok(json) = serde_json::to_string(self.snapshot()) {
            self.post(Message::Snapshot { cursor: self.replica.cursor(), json });
        }
    }

    /// Posts the events that have waited for a frame. A hidden tab, whose timers are late, does not
    /// wait.
    pub(super) fn post_batch(&mut self) {
        let (now, is_hidden) = (self.now, self.is_hidden);
        let due_ms = self.role.audience().and_then(|audience| audience.due_ms());
        if due_ms.is_some_and(|due_ms| is_hidden || due_ms <= now.clock_ms) {
            self.flush();
        }
    }

    /// Posts all events that wait.
    pub(super) fn flush(&mut self) {
        let now = self.now;
        if let Some(message) = self.role.audience().and_then(|audience| audience.take(now)) {
            self.post(message);
        }
    }
}
