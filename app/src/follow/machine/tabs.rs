//! Leader and followers, and what they post to each other.

use protocol::Step;

use super::Machine;
use crate::{
    follow::{
        effect::{Change, Effect},
        followers::Followers,
        input::Lock,
        message::{Batch, Message},
        role::{Following, Role},
        source::{HIDDEN_POLL_MS, POLL_MS, Source},
    },
    silence::Silence,
};

/// How long after it was hidden a tab that shares nothing closes its stream, in milliseconds.
const HIDDEN_CLOSE_MS: u64 = 5_000;

impl Machine {
    /// Begins to follow, as a follower until this tab is granted the generation's lock.
    pub(super) fn join(&mut self) {
        if !matches!(self.role, Role::Inactive) {
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

    /// Releases what other tabs could use and what would keep the page out of the back-forward cache.
    pub(super) fn leave(&mut self) {
        if matches!(self.role, Role::Ended { .. }) {
            return;
        }
        self.flush();
        match std::mem::replace(&mut self.role, Role::Inactive) {
            Role::Inactive | Role::Ended { .. } => {}
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

    /// Becomes the leader, as the generation's lock was granted.
    pub(super) fn lead(&mut self) {
        if !matches!(self.role, Role::Follower(_)) {
            return;
        }
        let source = Source::polling(POLL_MS, self.now);
        self.role = Role::Leader { source, followers: Followers::default() };
        self.post(Message::Elected);
        self.effects.push(Effect::RequestLock(Lock::Stream));
    }

    /// Follows without sharing, as the generation's lock was refused.
    pub(super) fn go_alone(&mut self) {
        if !matches!(self.role, Role::Follower(_)) {
            return;
        }
        self.effects.push(Effect::LeaveChannel);
        self.effects.push(Effect::ReleaseLock(Lock::Generation));
        let source = Source::polling(HIDDEN_POLL_MS, self.now);
        self.role = Role::Alone { source, close_ms: None };
        if !self.is_hidden {
            self.connect();
        }
    }

    pub(super) fn hidden(&mut self) {
        self.is_hidden = true;
        let clock_ms = self.now.clock_ms;
        if let Role::Alone { close_ms, .. } = &mut self.role {
            *close_ms = Some(clock_ms + HIDDEN_CLOSE_MS);
        }
    }

    pub(super) fn shown(&mut self) {
        self.is_hidden = false;
        let clock_ms = self.now.clock_ms;
        match &mut self.role {
            // A hidden tab may have been frozen and have missed messages. The leader answers with its
            // position.
            Role::Follower(following) => following.hello_ms = clock_ms,
            Role::Alone { source, close_ms } => {
                *close_ms = None;
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
        let asks = following.silence.poll(now);
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
            Role::Leader { followers, .. } => match message {
                Message::Hello { tab } => {
                    followers.insert(tab, self.now);
                    self.post_position();
                }
                Message::SnapshotWanted { tab } => {
                    followers.insert(tab, self.now);
                    if self.role.source().is_some_and(|source| source.is_delivering()) {
                        self.post_snapshot();
                    }
                }
                Message::Bye { tab } => followers.remove(tab),
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
            Message::Gone => return self.end_deleted(),
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

    /// Asks for the leader's snapshot. If that does not come soon, the server is asked.
    fn fall_behind(&mut self) {
        let now = self.now;
        if let Role::Follower(following) = &mut self.role {
            following.is_behind = true;
            following.silence = Silence::with_limit(POLL_MS, now);
            self.post(Message::SnapshotWanted { tab: self.tab });
        }
    }

    fn snapshot_posted(&mut self, cursor: u64, json: &str) {
        let now = self.now;
        let Role::Follower(following) = &mut self.role else { return };
        let is_wanted = following.is_behind && cursor == self.replica.cursor();
        if cursor > self.replica.cursor() || is_wanted {
            // A leader of another version of the page may post a snapshot that this one cannot read. It
            // then gets the server's.
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

    /// Posts this tab's position, if it is as far as the server.
    pub(super) fn post_position(&mut self) {
        let flows = self.role.source().is_some_and(|source| source.is_delivering());
        if flows && self.role.followers().is_some() {
            self.flush();
            self.post(Message::Position { cursor: self.replica.cursor() });
        }
    }

    /// Posts the snapshot, if there are followers.
    pub(super) fn post_snapshot(&mut self) {
        if self.role.followers().is_none() {
            return;
        }
        self.flush();
        if let Ok(json) = serde_json::to_string(self.snapshot()) {
            self.post(Message::Snapshot { cursor: self.replica.cursor(), json });
        }
    }

    /// Posts the waiting events when their batch is due. A hidden tab does not wait, as its timers are
    /// late.
    pub(super) fn post_batch(&mut self) {
        let (now, is_hidden) = (self.now, self.is_hidden);
        let due_ms = self.role.followers().and_then(|followers| followers.due_ms());
        if due_ms.is_some_and(|due_ms| is_hidden || due_ms <= now.clock_ms) {
            self.flush();
        }
    }

    /// Posts all waiting events.
    pub(super) fn flush(&mut self) {
        let now = self.now;
        if let Some(message) = self.role.followers().and_then(|followers| followers.take(now)) {
            self.post(message);
        }
    }
}
