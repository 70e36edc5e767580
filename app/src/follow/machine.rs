mod server;
mod tabs;

use protocol::{Follower, Snapshot, Status, Step};

use super::{
    effect::{Change, Effect},
    input::{Input, Lock},
    message::{Message, RawEvent},
    now::Now,
    role::Role,
};
use crate::hooks::Backoff;

/// How long an answer to a request for the snapshot may take, in milliseconds.
const DEADLINE_MS: u64 = 8_000;
/// The waits before each look whether what was stopped was stopped to be deleted, in milliseconds.
/// The deletion follows a moment later or, where the server has much to do, some seconds.
const DELETION_WAITS_MS: [u64; 2] = [400, 5_600];

/// A tab that follows a generation, without any I/O.
///
/// Whoever drives it calls [`handle`](Self::handle) with each input and carries out the effects in
/// their order, and calls it with [`Input::TimePassed`] when the [deadline](Self::deadline_ms) has
/// come. Inputs that no longer fit (an event of a stream that was closed) change nothing.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The number that tells this tab from the others.
    tab: u64,
    replica: Follower,
    role: Role,
    is_hidden: bool,
    /// Seconds until the next attempt, as they are shown.
    outage: Option<u32>,
    backoff: Backoff,
    /// State of the pseudo-random numbers that keep tabs from trying again all at once.
    seed: u64,
    now: Now,
    effects: Vec<Effect>,
}

impl Machine {
    /// A machine that goes on from a snapshot. `tab` is random.
    pub(crate) fn new(snapshot: Snapshot, tab: u64, is_hidden: bool) -> Self {
        Self {
            tab,
            replica: Follower::resume(snapshot),
            role: Role::Absent,
            is_hidden,
            outage: None,
            backoff: Backoff::default(),
            seed: tab,
            now: Now::default(),
            effects: Vec::new(),
        }
    }

    /// The generation so far.
    pub(crate) fn snapshot(&self) -> &Snapshot {
        self.replica.snapshot()
    }

    /// When it is to be called at the latest, by the page's clock.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        self.role.due_ms()
    }

    /// Takes what has happened, and says what is to be done.
    pub(crate) fn handle(&mut self, input: Input, now: Now) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Join => self.join(),
            Input::Leave => self.leave(),
            Input::StreamOpened => self.stream_opened(),
            Input::StreamEvent(event) => self.stream_event(event),
            Input::StreamFailed { refused } => self.stream_failed(refused),
            Input::SnapshotArrived(answer) => self.snapshot_arrived(answer),
            Input::LockGranted(Lock::Generation) => self.lead(),
            Input::LockRefused(Lock::Generation) => self.go_alone(),
            Input::LockGranted(Lock::Stream) | Input::LockRefused(Lock::Stream) => {
                self.stream_permitted();
            }
            Input::MessageArrived(message) => self.message_arrived(message),
            Input::TimePassed => {}
            Input::Hidden => self.hidden(),
            Input::Shown => self.shown(),
            Input::Online => self.online(),
            Input::Offline => self.offline(),
        }
        // Timers of hidden tabs are late: whatever wakes the machine brings it up to date.
        self.time_passed();
        self.post_batch();
        std::mem::take(&mut self.effects)
    }

    fn time_passed(&mut self) {
        let now = self.now;
        match &mut self.role {
            Role::Absent => {}
            Role::Follower(_) => self.follower_time_passed(),
            Role::Leader { .. } => self.source_time_passed(),
            Role::Alone { rest_ms, .. }
                if rest_ms.is_some_and(|rest_ms| rest_ms <= now.clock_ms) =>
            {
                self.rest();
            }
            Role::Alone { .. } => self.source_time_passed(),
            Role::Over { look_ms, waits_ms } => {
                if look_ms.is_some_and(|look_ms| look_ms <= now.clock_ms) {
                    self.role = Role::over(waits_ms, now);
                    self.fetch_snapshot();
                }
            }
        }
    }

    /// Applies an event. Where it does not fit, that is shown, and nothing has changed.
    fn apply(&mut self, raw: &RawEvent) -> Step {
        let event = raw.decode();
        let step = event.as_ref().map_or(Step::Lost, |event| self.replica.take(raw.id, event));
        match (step, event) {
            (Step::Applied, Ok(event)) => self.show(Change::Applied(event)),
            (Step::Lost, _) => self.show(Change::Lost),
            _ => {}
        }
        step
    }

    /// Takes a snapshot that is ahead, or one in place of what cannot be trusted. Says whether it
    /// is ahead.
    fn restart(&mut self, snapshot: Snapshot, is_wanted: bool) -> bool {
        let is_ahead = snapshot.cursor > self.replica.cursor();
        if is_ahead || (is_wanted && snapshot.cursor == self.replica.cursor()) {
            let extends = snapshot.extends(self.snapshot());
            self.replica.restart(snapshot);
            self.show(if extends { Change::Extended } else { Change::Replaced });
            self.post_snapshot();
        }
        is_ahead
    }

    /// Stops following once all is there. What was stopped may be gone soon.
    fn finish(&mut self) {
        let was_stopped = self.snapshot().status == Status::Stopped;
        self.end(if was_stopped { &DELETION_WAITS_MS } else { &[] });
    }

    /// Stops following what was deleted.
    fn vanish(&mut self) {
        if self.role.audience().is_some() {
            self.flush();
            self.post(Message::Gone);
        }
        self.show(Change::Gone);
        self.end(&[]);
    }

    fn end(&mut self, waits_ms: &'static [u64]) {
        self.leave();
        self.role = Role::over(waits_ms, self.now);
        self.show_outage(None);
    }

    fn fetch_snapshot(&mut self) {
        self.effects.push(Effect::FetchSnapshot { deadline_ms: DEADLINE_MS });
    }

    fn show(&mut self, change: Change) {
        self.effects.push(Effect::Show(change));
    }

    /// Shows an outage, or its end, here and in the tabs that follow.
    fn show_outage(&mut self, outage: Option<u32>) {
        if self.outage == outage {
            return;
        }
        self.outage = outage;
        self.show(Change::Outage(outage));
        if let Some(seconds) = outage.filter(|_| self.role.audience().is_some()) {
            self.flush();
            self.post(Message::Waiting { seconds });
        }
    }

    /// The next wait after a failure, in milliseconds.
    fn next_wait_ms(&mut self) -> u64 {
        // The constants are those of Knuth's MMIX.
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005);
        self.seed = self.seed.wrapping_add(1_442_695_040_888_963_407);
        let random = f64::from(u32::try_from(self.seed >> 32).unwrap_or_default());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds")]
        let wait_ms = self.backoff.next_ms(random / f64::from(u32::MAX)) as u64;
        wait_ms
    }
}
