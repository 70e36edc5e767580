use protocol::Timings;

/// Figures of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) first_text_ms: Option<u64>,
    pub(crate) elapsed_ms: Option<u64>,
    /// Unicode scalar values of all texts.
    pub(crate) chars: u64,
    /// Milliseconds in which the reader saw it grow, and by how many characters.
    pub(crate) seen: Option<(u64, u64)>,
}

impl Figures {
    /// Takes what the server has measured. What the reader has seen already stays, unless it
    /// cannot be true beside that: the server counts from when it had its turn.
    pub(crate) fn settle(&mut self, timings: Timings) {
        let own = self.first_text_ms.filter(|own_ms| *own_ms <= timings.total_ms);
        self.first_text_ms = own.or(timings.first_text_ms);
        self.elapsed_ms = Some(timings.total_ms);
    }

    /// Takes what was measured before. Times of zero are none.
    pub(crate) fn recall(&mut self, timings: Timings) {
        self.first_text_ms = self.first_text_ms.or(timings.first_text_ms);
        self.elapsed_ms = self.elapsed_ms.or((timings.total_ms > 0).then_some(timings.total_ms));
    }

    /// Characters a second since the first text, or since the reader came later; none before
    /// there is a rate to speak of.
    pub(crate) fn rate(&self) -> Option<u64> {
        let measured = self.elapsed_ms.zip(self.first_text_ms);
        let since_first_text = measured
            .map(|(elapsed_ms, first_ms)| (elapsed_ms.saturating_sub(first_ms), self.chars));
        let (writing_ms, chars) = since_first_text.or(self.seen)?;
        (writing_ms >= 20 && chars > 0).then(|| chars * 1_000 / writing_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_counts_from_the_first_text_or_else_from_what_was_seen() {
        let late = Figures { chars: 300, seen: Some((1_000, 200)), ..Figures::default() };
        assert_eq!(late.rate(), Some(200));
        let figures = Figures { first_text_ms: Some(500), elapsed_ms: Some(2_500), ..late };
        assert_eq!(figures.rate(), Some(150));
        let unseen = Figures { seen: None, ..late };
        assert_eq!(unseen.rate(), None);
    }

    #[test]
    fn the_first_text_that_was_seen_stays_when_the_server_tells_its_own() {
        let timings =
            |total_ms| Timings { first_text_ms: Some(60), total_ms, ..Timings::default() };
        let seen = Figures { first_text_ms: Some(110), ..Figures::default() };
        for (total_ms, first_text_ms) in [(300, 110), (80, 60)] {
            let mut figures = seen;
            figures.settle(timings(total_ms));
            assert_eq!(figures.first_text_ms, Some(first_text_ms));
            assert_eq!(figures.elapsed_ms, Some(total_ms));
        }
    }
}
