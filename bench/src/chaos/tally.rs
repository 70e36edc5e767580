use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many troubles are described in words.
const DESCRIBED: usize = 20;

/// What happened, counted.
#[derive(Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    kills: u64,
    generations: u64,
    viewings: u64,
    reconnects: u64,
    events: u64,
    slowest_start: Duration,
    slowest_terminal: Duration,
    broken: [u64; Broken::ALL.len()],
    troubles: Vec<String>,
}

/// A promise that was not kept.
#[derive(Clone, Copy)]
pub(super) enum Broken {
    /// An event that was seen is not in the log, or is another one there; or one was left out.
    Lost,
    /// An event came at or before the cursor.
    Repeated,
    /// A generation or a viewer did not come to its end.
    Hanging,
    /// A stream ended without a terminal event, and not by a cut.
    EndedEarly,
    /// A viewer had to take the snapshot.
    Resynced,
    /// What was folded is not what the snapshot says.
    Differing,
    /// A log without exactly one terminal event at its end, or with holes.
    Malformed,
    /// The same key has started another generation.
    StartedTwice,
}

impl Broken {
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

    /// A server took so long from its start to listening, and so long to the last of the
    /// terminal events that it owed.
    pub(super) fn restart(&self, listening: Duration, terminal: Duration) {
        let mut counts = self.counts();
        counts.slowest_start = counts.slowest_start.max(listening);
        counts.slowest_terminal = counts.slowest_terminal.max(terminal);
    }

    pub(super) fn generation(&self) {
        self.counts().generations += 1;
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

    /// Notes a broken promise, and tells of it in words while there is room.
    pub(super) fn broken(&self, what: Broken, trouble: impl FnOnce() -> String) {
        let mut counts = self.counts();
        counts.broken[what as usize] += 1;
        if counts.troubles.len() < DESCRIBED {
            let name = Broken::ALL[what as usize].1;
            counts.troubles.push(format!("{name}: {}", trouble()));
        }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.counts().broken.iter().all(|count| *count == 0)
    }

    pub(super) fn troubles(&self) -> Vec<String> {
        self.counts().troubles.clone()
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
            ("viewings", u128::from(counts.viewings)),
            ("reconnects", u128::from(counts.reconnects)),
            ("events", u128::from(counts.events)),
            ("slowest start ms", counts.slowest_start.as_millis()),
            ("slowest terminal ms", counts.slowest_terminal.as_millis()),
        ];
        let broken = Broken::ALL.map(|(what, name)| (name, counts.broken[what as usize].into()));
        for (name, count) in happened.into_iter().chain(broken) {
            writeln!(f, "{name:<20} {count:>12}")?;
        }
        Ok(())
    }
}
