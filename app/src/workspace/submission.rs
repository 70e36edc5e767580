use crate::commands::Viewed;

/// The state of starting a generation. `A` is the attempt, a request with its idempotency key.
#[derive(Debug, Default)]
pub(super) enum Submission<A> {
    #[default]
    Idle,
    /// The text of generation `id` is being fetched, to be sent once more. An earlier attempt that got
    /// no response is kept, in case the new request is the same.
    Fetching { id: String, unanswered: Option<A> },
    /// The attempt has been sent.
    Sending(A),
    /// The attempt got no response, so the generation may exist all the same.
    Unanswered(A),
    /// The generation exists, and the page is about to show it.
    Accepted(Box<Viewed>),
}

impl<A: Clone> Submission<A> {
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Self::Fetching { .. } | Self::Sending(_))
    }

    /// Begins to fetch the text of generation `id`.
    pub(super) fn fetch(&mut self, id: String) {
        *self = Self::Fetching { id, unanswered: self.take_unanswered() };
    }

    pub(super) fn is_fetching(&self, text_of: &str) -> bool {
        matches!(self, Self::Fetching { id, .. } if id == text_of)
    }

    /// Ends the fetching, because the text has arrived or because the reader has done something else.
    pub(super) fn end_fetching(&mut self) {
        if matches!(self, Self::Fetching { .. }) {
            *self = self.take_unanswered().map_or(Self::Idle, Self::Unanswered);
        }
    }

    /// Sends an attempt. If the unanswered one `is_same`, it is sent again, so that the server recognises
    /// its key and does not start a second generation.
    pub(super) fn send(&mut self, is_same: impl FnOnce(&A) -> bool, new: impl FnOnce() -> A) -> A {
        let attempt = self.take_unanswered().filter(is_same).unwrap_or_else(new);
        *self = Self::Sending(attempt.clone());
        attempt
    }

    /// Ends the sending without a generation. With `leaves_open`, there was no response, so that a
    /// generation may exist.
    pub(super) fn fail(&mut self, leaves_open: bool) {
        let attempt = self.take_unanswered().filter(|_| leaves_open);
        *self = attempt.map_or(Self::Idle, Self::Unanswered);
    }

    /// The accepted generation, if it is `id`, so that it need not be fetched.
    pub(super) fn take_accepted(&mut self, id: &str) -> Option<Viewed> {
        match std::mem::take(self) {
            Self::Accepted(view) if view.snapshot.id == id => Some(*view),
            other => {
                *self = other;
                None
            }
        }
    }

    fn take_unanswered(&mut self) -> Option<A> {
        match std::mem::take(self) {
            Self::Fetching { unanswered, .. } => unanswered,
            Self::Sending(attempt) | Self::Unanswered(attempt) => Some(attempt),
            Self::Idle | Self::Accepted(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An attempt as its text and its key.
    type Attempt = (&'static str, u64);

    fn send(submission: &mut Submission<Attempt>, text: &'static str, key: u64) -> u64 {
        submission.send(|last| last.0 == text, || (text, key)).1
    }

    #[test]
    fn what_nobody_answered_is_sent_again_with_its_key() {
        let mut submission = Submission::Idle;
        assert_eq!(send(&mut submission, "a text", 1), 1);
        assert!(submission.is_under_way());
        submission.fail(true);
        assert!(!submission.is_under_way());
        assert_eq!(send(&mut submission, "a text", 2), 1);
        submission.fail(true);
        assert_eq!(send(&mut submission, "another", 3), 3);
        submission.fail(false);
        assert_eq!(send(&mut submission, "another", 4), 4);
    }

    #[test]
    fn fetching_a_text_keeps_the_attempt_that_nobody_answered() {
        for ends_early in [false, true] {
            let mut submission = Submission::Unanswered(("a text", 1));
            submission.fetch("id".to_owned());
            assert!(submission.is_under_way() && submission.is_fetching("id"));
            if ends_early {
                submission.end_fetching();
                assert!(!submission.is_under_way() && !submission.is_fetching("id"));
            }
            assert_eq!(send(&mut submission, "a text", 2), 1);
        }
    }

    #[test]
    fn going_elsewhere_does_not_end_what_has_been_sent() {
        let mut submission = Submission::Idle;
        send(&mut submission, "a text", 1);
        submission.end_fetching();
        assert!(submission.is_under_way());
    }
}
