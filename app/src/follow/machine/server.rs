//! What a tab gets from the server: the stream, or snapshots in its place.

use protocol::{Snapshot, Step};

use super::Machine;
use crate::{
    follow::{
        effect::Effect,
        input::FetchError,
        message::RawEvent,
        role::Role,
        source::{HIDDEN_POLL_MS, POLL_MS, Retry, Source, seconds_until},
    },
    silence::Silence,
};

impl Machine {
    /// Opens a stream, as its lock was granted, or was refused by a browser without locks, which cannot
    /// limit the streams.
    pub(super) fn stream_permitted(&mut self) {
        if matches!(self.role, Role::Leader { source: Source::Polling { .. }, .. }) {
            self.connect();
        }
    }

    /// Opens a stream of the events after the last that was applied, in place of any other.
    pub(super) fn connect(&mut self) {
        self.set_source(Source::Stream { is_open: false, silence: Silence::begin(self.now) });
        self.effects.push(Effect::OpenStream { after: self.replica.cursor() });
    }

    fn set_source(&mut self, next: Source) {
        if let Some(source) = self.role.source() {
            *source = next;
        }
    }

    pub(super) fn stream_opened(&mut self) {
        let now = self.now;
        if let Some(Source::Stream { is_open, silence }) = self.role.source() {
            *is_open = true;
            silence.restart(now);
            self.show_outage(None);
            self.post_position();
        }
    }

    pub(super) fn stream_event(&mut self, event: RawEvent) {
        let now = self.now;
        let Some(Source::Stream { silence, .. }) = self.role.source() else { return };
        silence.restart(now);
        self.backoff.reset();
        let after = self.replica.cursor();
        match self.apply(&event) {
            Step::Applied => {
                if let Some(followers) = self.role.followers() {
                    followers.push(after, event, now);
                }
                if self.replica.is_ended() {
                    self.finish();
                }
            }
            Step::Repeated => {}
            Step::Lost => {
                self.effects.push(Effect::CloseStream);
                self.fetch_and_reconnect();
            }
        }
    }

    pub(super) fn stream_failed(&mut self, refused: bool) {
        if matches!(self.role.source(), Some(Source::Stream { .. })) {
            self.retry_later(if refused { Retry::Snapshot } else { Retry::Stream });
        }
    }

    pub(super) fn offline(&mut self) {
        self.stream_failed(false);
    }

    /// Does at once what was waiting for its time.
    pub(super) fn online(&mut self) {
        let clock_ms = self.now.clock_ms;
        match &mut self.role {
            Role::Follower(following) => following.hello_ms = clock_ms,
            role => match role.source() {
                Some(Source::Waiting { until_ms, .. }) => *until_ms = clock_ms,
                Some(Source::Polling { next_ms: Some(next_ms), .. }) => *next_ms = clock_ms,
                _ => {}
            },
        }
    }

    /// Closes the stream, if there is one, and tries again after a wait.
    fn retry_later(&mut self, retry: Retry) {
        let wait_ms = self.next_wait_ms();
        self.effects.push(Effect::CloseStream);
        self.set_source(Source::waiting(wait_ms, retry, self.now));
        self.show_outage(Some(seconds_until(self.now.clock_ms + wait_ms, self.now)));
    }

    fn fetch_and_reconnect(&mut self) {
        self.set_source(Source::Fetching);
        self.fetch_snapshot();
    }

    /// Closes the stream of a hidden tab, and polls instead.
    pub(super) fn close_hidden_stream(&mut self) {
        let source = Source::polling(HIDDEN_POLL_MS, self.now);
        self.role = Role::Alone { source, close_ms: None };
        self.effects.push(Effect::CloseStream);
    }

    pub(super) fn source_time_passed(&mut self) {
        let now = self.now;
        match self.role.source() {
            Some(Source::Polling { next_ms, .. }) => {
                if next_ms.take_if(|next_ms| *next_ms <= now.clock_ms).is_some() {
                    self.fetch_snapshot();
                }
            }
            Some(Source::Stream { silence, .. }) => {
                if silence.poll(now) {
                    self.fetch_snapshot();
                }
            }
            Some(Source::Waiting { until_ms, retry, shown_s }) => {
                let seconds = seconds_until(*until_ms, now);
                *shown_s = seconds;
                let retry = (seconds == 0).then_some(*retry);
                self.show_outage(Some(seconds));
                match retry {
                    Some(Retry::Stream) => self.connect(),
                    Some(Retry::Snapshot) => self.fetch_and_reconnect(),
                    None => {}
                }
            }
            Some(Source::Fetching) | None => {}
        }
    }

    pub(super) fn snapshot_arrived(&mut self, answer: Result<Box<Snapshot>, FetchError>) {
        if !self.role.awaits_snapshot() {
            return;
        }
        match answer {
            Err(FetchError::NotFound) => self.end_deleted(),
            _ if matches!(self.role, Role::Ended { .. }) => {}
            Err(FetchError::Unavailable) => self.snapshot_failed(),
            Ok(snapshot) => {
                let is_wanted = match &self.role {
                    Role::Follower(following) => following.is_behind,
                    _ => matches!(self.role.source(), Some(Source::Fetching)),
                };
                let is_ahead = self.restart(*snapshot, is_wanted);
                if self.replica.is_ended() {
                    self.finish();
                } else {
                    self.resume(is_ahead);
                }
            }
        }
    }

    /// Goes on after a snapshot. With `is_ahead`, it had events that had not reached this tab.
    fn resume(&mut self, is_ahead: bool) {
        let now = self.now;
        if let Role::Follower(following) = &mut self.role {
            following.is_behind = false;
            // A leader that has held events back is given less time.
            following.silence =
                if is_ahead { Silence::with_limit(POLL_MS, now) } else { Silence::begin(now) };
            self.backoff.reset();
            return self.show_outage(None);
        }
        match self.role.source() {
            Some(Source::Polling { every_ms, next_ms }) => {
                *next_ms = Some(now.clock_ms + *every_ms);
                self.backoff.reset();
                self.show_outage(None);
                self.post_position();
            }
            // The stream has delivered nothing although there was something, so it is replaced.
            Some(Source::Stream { .. }) if is_ahead => self.retry_later(Retry::Stream),
            Some(Source::Stream { silence, .. }) => silence.restart(now),
            Some(Source::Fetching) => self.connect(),
            Some(Source::Waiting { .. }) | None => {}
        }
    }

    fn snapshot_failed(&mut self) {
        match self.role.source() {
            Some(Source::Stream { .. }) => return self.retry_later(Retry::Stream),
            Some(Source::Fetching) => return self.retry_later(Retry::Snapshot),
            _ => {}
        }
        let (wait_ms, now) = (self.next_wait_ms(), self.now);
        match &mut self.role {
            Role::Follower(following) => following.silence = Silence::with_limit(wait_ms, now),
            role => {
                if let Some(Source::Polling { next_ms, .. }) = role.source() {
                    *next_ms = Some(now.clock_ms + wait_ms);
                }
            }
        }
        self.show_outage(Some(0));
    }
}
