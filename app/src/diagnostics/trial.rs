/// What the reader asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// How many events, from 1 to 100.
    pub(crate) count: u64,
    /// Milliseconds between two events, from 100 to 5000.
    pub(crate) delay_ms: f64,
    /// The text of each event.
    pub(crate) text: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self { count: 20, delay_ms: 200.0, text: "Message".to_owned() }
    }
}

/// One event that has arrived.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReceivedEvent {
    pub(crate) number: u64,
    pub(crate) text: String,
    /// When the server sent it, in milliseconds by the server's clock.
    pub(crate) sent_ms: f64,
    /// When it arrived, in milliseconds since the trial began.
    pub(crate) at_ms: f64,
}

/// The end of a connection before the stream was complete.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Break {
    /// How many events had arrived.
    pub(crate) position: usize,
    /// In milliseconds since the trial began.
    pub(crate) at_ms: f64,
    pub(crate) cause: Cause,
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The reader cut it on purpose.
    Reader,
    /// Not known yet: the server is being asked whether it can be reached.
    Unknown,
    /// The server can be reached, so something between ended the connection.
    Network,
    /// The server cannot be reached.
    ServerAway,
}

/// How far a trial is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    Running,
    Over,
}

/// The trial is over after this many connections in a row that brought no event.
const ATTEMPTS: usize = 3;

/// How long the trial waits for a server that cannot be reached, in milliseconds.
const PATIENCE_MS: f64 = 30_000.0;

/// One run of the numbered stream, as the browser saw it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trial {
    pub(crate) plan: Plan,
    pub(crate) phase: Phase,
    pub(crate) arrivals: Vec<ReceivedEvent>,
    pub(crate) breaks: Vec<Break>,
}

impl Trial {
    /// A trial that begins now.
    pub(crate) fn of(plan: Plan) -> Self {
        Self { plan, phase: Phase::Running, ..Self::default() }
    }

    pub(crate) fn runs(&self) -> bool {
        self.phase == Phase::Running
    }

    /// The number of the last event, after which a new connection continues.
    pub(crate) fn cursor(&self) -> u64 {
        self.arrivals.last().map_or(0, |arrival| arrival.number)
    }

    /// Records that the connection has ended.
    pub(crate) fn broke(&mut self, cause: Cause, at_ms: f64) {
        self.breaks.push(Break { position: self.arrivals.len(), at_ms, cause });
    }

    /// Records whether the server could be reached after the last break, and returns whether to
    /// connect again.
    pub(crate) fn learned(&mut self, is_there: bool, now_ms: f64) -> bool {
        let cause = if is_there { Cause::Network } else { Cause::ServerAway };
        if let Some(unknown) = self.breaks.iter_mut().rfind(|at| at.cause == Cause::Unknown) {
            unknown.cause = cause;
        }
        let begun_ms = self.here(cause).next().map_or(now_ms, |first| first.at_ms);
        let is_in_vain = match cause {
            Cause::ServerAway => now_ms - begun_ms >= PATIENCE_MS,
            _ => self.here(cause).count() >= ATTEMPTS,
        };
        if is_in_vain {
            self.phase = Phase::Over;
        }
        self.runs()
    }

    /// Whether the cause of the last break is still being looked for.
    pub(crate) fn is_asking(&self) -> bool {
        self.here(Cause::Unknown).next().is_some()
    }

    /// Whether the server could not be reached at the last attempt.
    pub(crate) fn is_away(&self) -> bool {
        let last = self.breaks.iter().rfind(|at| at.cause != Cause::Reader);
        last.is_some_and(|at| at.cause == Cause::ServerAway && at.position == self.arrivals.len())
    }

    /// After how many events something between ended the connection, if that happened.
    pub(crate) fn cut_off(&self) -> Option<usize> {
        let was_away = |position| {
            self.breaks.iter().any(|at| at.cause == Cause::ServerAway && at.position == position)
        };
        let cuts = self.breaks.iter().filter(|at| at.cause == Cause::Network);
        cuts.map(|cut| cut.position).find(|position| !was_away(*position))
    }

    /// After how many events the server could last not be reached, if events have arrived since.
    pub(crate) fn absence(&self) -> Option<usize> {
        let last = self.breaks.iter().rfind(|at| at.cause == Cause::ServerAway)?;
        (last.position < self.arrivals.len()).then_some(last.position)
    }

    /// The breaks of this cause since the last event.
    fn here(&self, cause: Cause) -> impl Iterator<Item = &Break> {
        let position = self.arrivals.len();
        self.breaks.iter().filter(move |at| at.cause == cause && at.position == position)
    }

    /// The first place where the numbers do not follow each other: the number expected, and the one
    /// that arrived.
    pub(crate) fn leap(&self) -> Option<(u64, u64)> {
        let due = 1..;
        let mut numbers = due.zip(self.arrivals.iter().map(|arrival| arrival.number));
        numbers.find(|(due, came)| due != came)
    }

    /// The last cut by the reader: the number before it, and the number after it once that has
    /// arrived.
    pub(crate) fn last_cut(&self) -> Option<(u64, Option<u64>)> {
        let cut = self.breaks.iter().rfind(|at| at.cause == Cause::Reader)?;
        let number = |position: usize| Some(self.arrivals.get(position)?.number);
        let before = cut.position.checked_sub(1).and_then(number).unwrap_or(0);
        Some((before, number(cut.position)))
    }

    /// For how long no event has arrived, in milliseconds.
    pub(crate) fn silence_ms(&self, now_ms: f64) -> f64 {
        now_ms - self.arrivals.last().map_or(0.0, |arrival| arrival.at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(numbers: &[u64]) -> Trial {
        let arrivals = numbers.iter().map(|&number| ReceivedEvent {
            number,
            text: String::new(),
            sent_ms: 0.0,
            at_ms: 0.0,
        });
        Trial { arrivals: arrivals.collect(), ..Trial::of(Plan::default()) }
    }

    #[test]
    fn a_cut_is_followed_by_what_came_after_it() {
        let mut trial = with(&[1, 2]);
        trial.broke(Cause::Reader, 0.0);
        assert_eq!(trial.last_cut(), Some((2, None)));
        trial.arrivals.extend(with(&[3]).arrivals);
        assert_eq!(trial.last_cut(), Some((2, Some(3))));
        assert_eq!(with(&[1]).last_cut(), None);
    }

    #[test]
    fn a_number_that_is_left_out_or_comes_twice_is_noticed() {
        assert_eq!(with(&[1, 2, 3]).leap(), None);
        assert_eq!(with(&[1, 2, 4]).leap(), Some((3, 4)));
        assert_eq!(with(&[1, 2, 2]).leap(), Some((3, 2)));
    }

    /// Ends the connection and answers whether the server can be reached.
    fn breaks(trial: &mut Trial, is_there: bool, at_ms: f64) -> bool {
        trial.broke(Cause::Unknown, at_ms);
        assert!(trial.is_asking());
        trial.learned(is_there, at_ms)
    }

    #[test]
    fn a_line_that_breaks_again_and_again_is_given_up() {
        let mut trial = with(&[1]);
        trial.broke(Cause::Reader, 0.0);
        assert!(breaks(&mut trial, true, 0.0) && breaks(&mut trial, true, 100.0));
        assert!(!breaks(&mut trial, true, 200.0));
        assert_eq!(trial.phase, Phase::Over);
        assert_eq!(trial.cut_off(), Some(1));
    }

    #[test]
    fn a_server_that_is_away_is_waited_for() {
        let mut trial = with(&[1]);
        assert!((0..30_u32).all(|second| breaks(&mut trial, false, f64::from(second) * 1_000.0)));
        assert!(trial.is_away());
        trial.arrivals.extend(with(&[2]).arrivals);
        assert!(!trial.is_away());
        assert_eq!((trial.absence(), trial.cut_off()), (Some(1), None));
        assert!(breaks(&mut trial, false, 40_000.0));
        assert!(!breaks(&mut trial, false, 70_000.0));
    }
}
