//! What a tab gets from the server: the stream, or the snapshot in its place.

use protocol::{Snapshot, Step};

use super::Machine;
use crate::follow::{
    effect::Effect,
    input::FetchError,
    message::RawEvent,
    role::Role,
    silence::Silence,
    source::{HIDDEN_POLL_MS, POLL_MS, Retry, Source, seconds_until},
};

impl Machine {
    /// One of the browser's streams may be opened. Without locks, nobody counts them.
    pub(super) fn stream_permitted(&mut self) {
        if matches!(self.role, Role::Leader { source: Source::Polling { .. }, .. }) {
            self.connect();
        }
    }

    /// Opens a stream after what is there, in place of any other.
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
                if let Some(audience) = self.role.audience() {
                    audience.push(after, event, now);
                }
                if self.replica.is_ended() {
                    self.finish();
                }
            }
            Step::Repeated => {}
            Step::Lost => {
                self.effects.push(Effect::CloseStream);
                self.ask();
            }
        }
    }

    pub(super) fn stream_failed(&mut self, refused: bool) {
        if matches!(self.role.source(), Some(Source::Stream { .. })) {
            self.wait(if refused { Retry::Snapshot } else { Retry::Stream });
        }
    }

    pub(super) fn offline(&mut self) {
        self.stream_failed(false);
    }

    /// Nothing is waited for any longer.
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

    /// Waits, and tries again. The stream, if there is one, is given up.
    fn wait(&mut self, retry: Retry) {
        let wait_ms = self.next_wait_ms();
        self.effects.push(Effect::CloseStream);
        self.set_source(Source::waiting(wait_ms, retry, self.now));
        self.show_outage(Some(seconds_until(self.now.clock_ms + wait_ms, self.now)));
    }

    fn ask(&mut self) {
        self.set_source(Source::Asking);
        self.fetch_snapshot();
    }

    /// Gives the stream of a hidden tab back.
    pub(super) fn rest(&mut self) {
        let source = Source::polling(HIDDEN_POLL_MS, self.now);
        self.role = Role::Alone { source, rest_ms: None };
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
                if silence.asks(now) {
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
                    Some(Retry::Snapshot) => self.ask(),
                    None => {}
                }
            }
            Some(Source::Asking) | None => {}
        }
    }

    pub(super) fn snapshot_arrived(&mut self, answer: Result<Box<Snapshot>, FetchError>) {
        if !self.role.awaits_snapshot() {
            return;
        }
        match answer {
            Err(FetchError::NotFound) => self.vanish(),
            _ if matches!(self.role, Role::Over { .. }) => {}
            Err(FetchError::Unavailable) => self.snapshot_failed(),
            Ok(snapshot) => {
                let is_wanted = match &self.role {
                    Role::Follower(following) => following.is_behind,
                    _ => matches!(self.role.source(), Some(Source::Asking)),
                };
                let is_ahead = self.restart(*snapshot, is_wanted);
                if self.replica.is_ended() {
                    self.finish();
                } else {
                    self.go_on(is_ahead);
                }
            }
        }
    }

    /// Goes on from a snapshot. `is_ahead`: it had what nobody had told this tab.
    fn go_on(&mut self, is_ahead: bool) {
        let now = self.now;
        if let Role::Follower(following) = &mut self.role {
            following.is_behind = false;
            // A leader that keeps something back is not waited for as long again.
            following.silence =
                if is_ahead { Silence::long_in(POLL_MS, now) } else { Silence::begin(now) };
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
            // A stream that is open and delivers nothing is not trusted.
            Some(Source::Stream { .. }) if is_ahead => self.wait(Retry::Stream),
            Some(Source::Stream { silence, .. }) => silence.restart(now),
            Some(Source::Asking) => self.connect(),
            Some(Source::Waiting { .. }) | None => {}
        }
    }

    fn snapshot_failed(&mut self) {
        match self.role.source() {
            Some(Source::Stream { .. }) => return self.wait(Retry::Stream),
            Some(Source::Asking) => return self.wait(Retry::Snapshot),
            _ => {}
        }
        let (wait_ms, now) = (self.next_wait_ms(), self.now);
        match &mut self.role {
            Role::Follower(following) => following.silence = Silence::long_in(wait_ms, now),
            role => {
                if let Some(Source::Polling { next_ms, .. }) = role.source() {
                    *next_ms = Some(now.clock_ms + wait_ms);
                }
            }
        }
        self.show_outage(Some(0));
    }
}
