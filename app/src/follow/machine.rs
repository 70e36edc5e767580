mod server;
mod tabs;

use protocol::{Follower, Snapshot, Status, Step};

use super::{
    effect::{Change, Effect},
    input::{Input, Lock},
    message::{Message, RawEvent},
    role::Role,
};
use crate::{hooks::Backoff, now::Now};

/// How long fetching the snapshot may take, in milliseconds.
const DEADLINE_MS: u64 = 8_000;
/// The waits before each check whether a stopped generation was deleted, in milliseconds. A page that
/// deletes a generation stops it first; the deletion follows at once or, on a busy server, after some
/// seconds.
const DELETION_WAITS_MS: [u64; 2] = [400, 5_600];

/// The state machine of a tab that follows a generation. It does no I/O.
///
/// Its driver calls [`handle`](Self::handle) with each input, and with [`Input::TimePassed`] when the
/// [deadline](Self::deadline_ms) has come, and carries out the effects in their order. Inputs that no
/// longer fit, such as an event of a stream that was closed, change nothing.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The number that tells this tab from the others.
    tab: u64,
    replica: Follower,
    role: Role,
    is_hidden: bool,
    /// Whether an outage is shown, and the seconds until the next attempt that are shown with it.
    outage: Option<u32>,
    backoff: Backoff,
    /// The state of the pseudo-random numbers that spread the retries of many tabs over time.
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
            role: Role::Inactive,
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

    /// When it must be called at the latest, by the page's clock.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        self.role.due_ms()
    }

    /// Handles an input and returns what is to be done.
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
        // Timers of hidden tabs are late, so every input also does what time has made due.
        self.time_passed();
        self.post_batch();
        std::mem::take(&mut self.effects)
    }

    fn time_passed(&mut self) {
        let now = self.now;
        match &mut self.role {
            Role::Inactive => {}
            Role::Follower(_) => self.follower_time_passed(),
            Role::Leader { .. } => self.source_time_passed(),
            Role::Alone { close_ms, .. }
                if close_ms.is_some_and(|close_ms| close_ms <= now.clock_ms) =>
            {
                self.close_hidden_stream();
            }
            Role::Alone { .. } => self.source_time_passed(),
            Role::Ended { check_ms, waits_ms } => {
                if check_ms.is_some_and(|check_ms| check_ms <= now.clock_ms) {
                    self.role = Role::ended(waits_ms, now);
                    self.fetch_snapshot();
                }
            }
        }
    }

    /// Applies an event and shows it. An event that does not fit changes nothing, and is shown as a
    /// loss.
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

    /// Replaces the document by a snapshot that is ahead, or, when `is_wanted` because the document is
    /// wrong, by one that is as far. Returns whether the snapshot is ahead.
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

    /// Stops following a generation that has ended. A stopped one may be deleted soon.
    fn finish(&mut self) {
        let was_stopped = self.snapshot().status == Status::Stopped;
        self.end(if was_stopped { &DELETION_WAITS_MS } else { &[] });
    }

    /// Stops following a generation that was deleted.
    fn end_deleted(&mut self) {
        if self.role.followers().is_some() {
            self.flush();
            self.post(Message::Gone);
        }
        self.show(Change::Gone);
        self.end(&[]);
    }

    fn end(&mut self, waits_ms: &'static [u64]) {
        self.leave();
        self.role = Role::ended(waits_ms, self.now);
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
        if let Some(seconds) = outage.filter(|_| self.role.followers().is_some()) {
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
