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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    /// How many messages had come.
    pub(crate) position: usize,
    /// The reader cut it.
    pub(crate) is_own: bool,
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

    /// Notes that the connection has ended, and whether it is worth another.
    pub(crate) fn broke(&mut self, is_own: bool) -> bool {
        let position = self.arrivals.len();
        self.breaks.push(Break { position, is_own });
        let in_vain = self.breaks.iter().filter(|at| !at.is_own && at.position == position);
        if in_vain.count() >= ATTEMPTS {
            self.phase = Phase::Over;
        }
        self.runs()
    }

    /// Where the stream did not go on with the next number: the one due, and the one that came.
    pub(crate) fn leap(&self) -> Option<(u64, u64)> {
        let due = 1..;
        let mut numbers = due.zip(self.arrivals.iter().map(|arrival| arrival.number));
        numbers.find(|(due, came)| due != came)
    }

    /// The last cut of the reader's: the number before it, and the one after it if that has come.
    pub(crate) fn last_cut(&self) -> Option<(u64, Option<u64>)> {
        let cut = self.breaks.iter().rfind(|at| at.is_own)?;
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
        assert!(trial.broke(true));
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

    #[test]
    fn a_line_that_breaks_again_and_again_is_given_up() {
        let mut trial = with(&[1]);
        assert!(trial.broke(true) && trial.broke(false) && trial.broke(false));
        assert!(!trial.broke(false));
        assert_eq!(trial.phase, Phase::Over);
    }
}
