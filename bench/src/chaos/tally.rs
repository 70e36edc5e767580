use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many violations are described; the rest are only counted.
const MOST_DESCRIPTIONS: usize = 20;

/// Counts of what happened in a run.
#[derive(Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    kills: u64,
    generations: u64,
    viewings: u64,
    turns: u64,
    reconnects: u64,
    events: u64,
    slowest_start: Duration,
    slowest_terminal: Duration,
    violations: [u64; Violation::ALL.len()],
    descriptions: Vec<String>,
}

/// A promise of the server that was broken.
#[derive(Clone, Copy)]
pub(super) enum Violation {
    /// A received event is not in the log or differs there, or an event was left out.
    Lost,
    /// An event came at or before the cursor.
    Repeated,
    /// A generation or a viewer did not end in time.
    Hanging,
    /// A stream ended without a terminal event, although the connection was not cut.
    EndedEarly,
    /// A viewer noticed a loss and had to fetch the snapshot.
    Resynced,
    /// A document that was built from events differs from the snapshot's.
    Differing,
    /// A log has holes, or not exactly one terminal event, or not as its last one.
    Malformed,
    /// Two requests with one key started two generations.
    StartedTwice,
}

impl Violation {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Lost, "lost"),
        (Self::Repeated, "repeated"),
        (Self::Hanging, "hanging"),
        (Self::EndedEarly, "ended early"),
        (Self::Resynced, "resyncs"),
        (Self::Differing, "differing documents"),
        (Self::Malformed, "malformed logs"),
        (Self::StartedTwice, "started twice"),
    ];
}

impl Tally {
    pub(super) fn kill(&self) {
        self.counts().kills += 1;
    }

    /// Records how long after a restart the server listened, and how long after it the unfinished
    /// generations were known to have ended.
    pub(super) fn restart(&self, listening: Duration, ended: Duration) {
        let mut counts = self.counts();
        counts.slowest_start = counts.slowest_start.max(listening);
        counts.slowest_terminal = counts.slowest_terminal.max(ended);
    }

    pub(super) fn generation(&self) {
        self.counts().generations += 1;
    }

    pub(super) fn turn(&self) {
        self.counts().turns += 1;
    }

    pub(super) fn viewing(&self) {
        self.counts().viewings += 1;
    }

    pub(super) fn reconnect(&self) {
        self.counts().reconnects += 1;
    }

    pub(super) fn event(&self) {
        self.counts().events += 1;
    }

    /// Counts a violation, and keeps its description while there are few.
    pub(super) fn violation(&self, what: Violation, describe: impl FnOnce() -> String) {
        let mut counts = self.counts();
        counts.violations[what as usize] += 1;
        if counts.descriptions.len() < MOST_DESCRIPTIONS {
            let name = Violation::ALL[what as usize].1;
            counts.descriptions.push(format!("{name}: {}", describe()));
        }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.counts().violations.iter().all(|count| *count == 0)
    }

    pub(super) fn descriptions(&self) -> Vec<String> {
        self.counts().descriptions.clone()
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        let happened = [
            ("kills", u128::from(counts.kills)),
            ("generations", u128::from(counts.generations)),
            ("turns", u128::from(counts.turns)),
            ("viewings", u128::from(counts.viewings)),
            ("reconnects", u128::from(counts.reconnects)),
            ("events", u128::from(counts.events)),
            ("slowest start ms", counts.slowest_start.as_millis()),
            ("slowest terminal ms", counts.slowest_terminal.as_millis()),
        ];
        let violations =
            Violation::ALL.map(|(what, name)| (name, counts.violations[what as usize].into()));
        for (name, count) in happened.into_iter().chain(violations) {
            writeln!(f, "{name:<20} {count:>12}")?;
        }
        Ok(())
    }
}
