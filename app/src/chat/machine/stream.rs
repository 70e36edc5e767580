//! What a tab reads from the server by itself: the stream.

use protocol::conversation::Event;

use super::{Machine, REST_MS, Role, Source, seconds_until};
use crate::chat::{Effect, Message, RawEvent};

/// How long the stream must have gone on before it begins anew because something was missed.
const RESTART_MS: u64 = 5_000;

impl Machine {
    /// Opens the stream: after the last event of it, or anew.
    pub(super) fn connect(&mut self) {
        let Some(source) = self.role.source() else { return };
        *source = Source::Stream;
        self.is_restarting = self.cursor.is_none();
        if self.is_restarting {
            self.begin_anew();
            self.announce_beginning();
        }
        self.effects.push(Effect::OpenStream { after: self.cursor.clone() });
    }

    /// Tells the followers that what comes does not go on where what came before has ended.
    pub(super) fn announce_beginning(&mut self) {
        if let Role::Leader { replays, .. } = &mut self.role {
            replays.clear();
            self.post(Message::Restarted);
        }
    }

    pub(super) fn stream_event(&mut self, raw: RawEvent) {
        if !matches!(self.role.source(), Some(Source::Stream)) {
            return;
        }
        if !raw.id.is_empty() {
            self.cursor = Some(raw.id.clone());
        }
        self.backoff.reset();
        // A server of another version may send what this page does not know.
        let Ok(event) = raw.decode() else { return };
        if matches!(event, Event::Connected(_)) {
            return self.connected();
        }
        if let Role::Leader { replays, .. } = &mut self.role {
            replays.note(&raw, &event);
            self.post(Message::Event(raw));
        }
        self.apply(event);
    }

    /// The stream has begun.
    fn connected(&mut self) {
        self.silence.restart(self.now);
        self.show_outage(None);
        self.is_restarting = false;
        if self.role.is_leader() {
            self.post(Message::Connected);
        }
        if self.thread.awaits_snapshot() {
            self.fetch();
        }
    }

    pub(super) fn stream_failed(&mut self, refused: bool) {
        if !matches!(self.role.source(), Some(Source::Stream)) {
            return;
        }
        if refused {
            // Perhaps it is the id that the server does not take.
            self.cursor = None;
        }
        let (wait_ms, now) = (self.next_wait_ms(), self.now);
        if let Some(source) = self.role.source() {
            *source = Source::waiting(wait_ms, now);
        }
        self.effects.push(Effect::CloseStream);
        self.show_outage(Some(seconds_until(now.clock_ms + wait_ms, now)));
    }

    /// Something was missed that only the beginning of the stream has.
    pub(super) fn lost(&mut self) {
        let clock_ms = self.now.clock_ms;
        if clock_ms < self.restart_ms || self.is_restarting {
            return;
        }
        self.restart_ms = clock_ms + RESTART_MS;
        match self.role {
            Role::Follower { .. } => self.post(Message::RestartWanted),
            Role::Leader { .. } | Role::Alone { .. } => self.resync(),
            Role::Inactive => {}
        }
    }

    /// The events that come are not all that there are: begins anew.
    pub(super) fn resync(&mut self) {
        match &mut self.role {
            Role::Follower { hello_ms } => *hello_ms = Some(self.now.clock_ms),
            Role::Leader { source: Source::Stream, .. }
            | Role::Alone { source: Source::Stream, .. } => {
                self.cursor = None;
                self.connect();
            }
            Role::Leader { .. } | Role::Alone { .. } => self.cursor = None,
            Role::Inactive => {}
        }
    }

    pub(super) fn online(&mut self) {
        let clock_ms = self.now.clock_ms;
        if let Some(Source::Waiting { until_ms, .. }) = self.role.source() {
            *until_ms = clock_ms;
        }
        if let Some(due_ms) = &mut self.refetch_ms {
            *due_ms = clock_ms;
        }
    }

    /// The reader has come back. A connection may have died while nobody looked.
    pub(super) fn check_after_rest(&mut self) {
        let rest_ms = self.now.wall_ms.saturating_sub(self.event_ms);
        if rest_ms >= REST_MS && !self.silence.is_fetching {
            self.silence.is_fetching = true;
            self.fetch();
        }
    }

    pub(super) fn source_time_passed(&mut self) {
        let now = self.now;
        if let Some(Source::Waiting { until_ms, shown_s }) = self.role.source() {
            let seconds = seconds_until(*until_ms, now);
            *shown_s = seconds;
            self.show_outage(Some(seconds));
            if seconds == 0 {
                self.connect();
            }
        }
    }
}
