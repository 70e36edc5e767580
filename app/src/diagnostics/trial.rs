/// What is asked of the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// How many messages, from 1 to 100.
    pub(crate) count: u64,
    /// Milliseconds between two of them, from 100 to 5000.
    pub(crate) delay_ms: f64,
    /// What they say.
    pub(crate) message: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self { count: 20, delay_ms: 200.0, message: "Message".to_owned() }
    }
}

/// One message that has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    pub(crate) number: u64,
    pub(crate) text: String,
    /// When it was sent, in milliseconds of the server's clock.
    pub(crate) sent_ms: f64,
    /// When it came, in milliseconds since the trial began.
    pub(crate) at_ms: f64,
}

/// Where the connection ended before the stream did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Break {
    /// How many messages had come.
    pub(crate) position: usize,
    /// In milliseconds since the trial began.
    pub(crate) at_ms: f64,
    pub(crate) cause: Cause,
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The reader cut it.
    Reader,
    /// The server has yet to be asked whether it is there.
    Unknown,
    /// The server is there: something on the way ended it.
    Way,
    /// The server cannot be reached.
    Absence,
}

/// How far a trial is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    Running,
    Over,
}

/// After this many connections in a row that brought nothing, the trial is over.
const ATTEMPTS: usize = 3;

/// For so long a server that is away is waited for, in milliseconds.
const PATIENCE_MS: f64 = 30_000.0;

/// One run of the numbered stream, as it was seen from here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trial {
    pub(crate) plan: Plan,
    pub(crate) phase: Phase,
    pub(crate) arrivals: Vec<Arrival>,
    pub(crate) breaks: Vec<Break>,
}

impl Trial {
    /// A trial that has just begun.
    pub(crate) fn of(plan: Plan) -> Self {
        Self { plan, phase: Phase::Running, ..Self::default() }
    }

    pub(crate) fn runs(&self) -> bool {
        self.phase == Phase::Running
    }

    /// The number of the last message that has come: where a new connection is to go on.
    pub(crate) fn cursor(&self) -> u64 {
        self.arrivals.last().map_or(0, |arrival| arrival.number)
    }

    /// Notes that the connection has ended.
    pub(crate) fn broke(&mut self, cause: Cause, at_ms: f64) {
        self.breaks.push(Break { position: self.arrivals.len(), at_ms, cause });
    }

    /// Notes whether the server was there after the last break, and whether to connect again.
    pub(crate) fn learned(&mut self, is_there: bool, now_ms: f64) -> bool {
        let cause = if is_there { Cause::Way } else { Cause::Absence };
        if let Some(unknown) = self.breaks.iter_mut().rfind(|at| at.cause == Cause::Unknown) {
            unknown.cause = cause;
        }
        let begun_ms = self.here(cause).next().map_or(now_ms, |first| first.at_ms);
        let is_in_vain = match cause {
            Cause::Absence => now_ms - begun_ms >= PATIENCE_MS,
            _ => self.here(cause).count() >= ATTEMPTS,
        };
        if is_in_vain {
            self.phase = Phase::Over;
        }
        self.runs()
    }

    /// Whether it is being asked why the connection has ended.
    pub(crate) fn is_asking(&self) -> bool {
        self.here(Cause::Unknown).next().is_some()
    }

    /// Whether the server could not be reached when it was last tried.
    pub(crate) fn is_away(&self) -> bool {
        let last = self.breaks.iter().rfind(|at| at.cause != Cause::Reader);
        last.is_some_and(|at| at.cause == Cause::Absence && at.position == self.arrivals.len())
    }

    /// After how many messages something on the way ended the connection.
    pub(crate) fn cut_off(&self) -> Option<usize> {
        let was_away = |position| {
            self.breaks.iter().any(|at| at.cause == Cause::Absence && at.position == position)
        };
        let cuts = self.breaks.iter().filter(|at| at.cause == Cause::Way);
        cuts.map(|cut| cut.position).find(|position| !was_away(*position))
    }

    /// After how many messages the server was last away, when more have come since.
    pub(crate) fn absence(&self) -> Option<usize> {
        let last = self.breaks.iter().rfind(|at| at.cause == Cause::Absence)?;
        (last.position < self.arrivals.len()).then_some(last.position)
    }

    /// The breaks since the last message that have this cause.
    fn here(&self, cause: Cause) -> impl Iterator<Item = &Break> {
        let position = self.arrivals.len();
        self.breaks.iter().filter(move |at| at.cause == cause && at.position == position)
    }

    /// Where the stream did not go on with the next number: the one due, and the one that came.
    pub(crate) fn leap(&self) -> Option<(u64, u64)> {
        let due = 1..;
        let mut numbers = due.zip(self.arrivals.iter().map(|arrival| arrival.number));
        numbers.find(|(due, came)| due != came)
    }

    /// The last cut of the reader's: the number before it, and the one after it if that has come.
    pub(crate) fn last_cut(&self) -> Option<(u64, Option<u64>)> {
        let cut = self.breaks.iter().rfind(|at| at.cause == Cause::Reader)?;
        let number = |position: usize| Some(self.arrivals.get(position)?.number);
        let before = cut.position.checked_sub(1).and_then(number).unwrap_or(0);
        Some((before, number(cut.position)))
    }

    /// How long nothing has come, in milliseconds.
    pub(crate) fn silence_ms(&self, now_ms: f64) -> f64 {
        now_ms - self.arrivals.last().map_or(0.0, |arrival| arrival.at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(numbers: &[u64]) -> Trial {
        let arrivals = numbers.iter().map(|&number| Arrival {
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

    /// The connection ends, and the server is asked whether it is there.
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
