use crate::{Budget, Request};

/// How much a model may be given to read and write together, in tokens. Another number makes
/// Ollama load the model anew, so that there are only a few.
const SMALLEST: u64 = 8 * 1024;
const LARGEST: u64 = 256 * 1024;

/// Room for what a model thinks before it writes.
const THOUGHTS: u64 = 2048;

/// A model's window: `num_ctx` in Ollama's words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    tokens: u64,
    /// Tokens that a request has for a thousand that were estimated, when it was more.
    per_mille: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self { tokens: SMALLEST, per_mille: 1000 }
    }
}

impl Window {
    pub(super) fn tokens(self) -> u64 {
        self.tokens
    }

    /// Makes it large enough for a request and its answer. It does not shrink: the model would be
    /// loaded anew.
    pub(super) fn fit(&mut self, request: &Request) {
        let answer = match request.budget {
            Budget::Short => 1024,
            Budget::Medium => 2048,
            Budget::Long | Budget::Full => 4096,
        };
        let needed = request.most_tokens() * self.per_mille / 1000 + answer + THOUGHTS;
        while self.tokens < needed && self.grow() {}
    }

    /// Takes the next step; says whether there is one.
    pub(super) fn grow(&mut self) -> bool {
        let can_grow = self.tokens < LARGEST;
        if can_grow {
            self.tokens *= 2;
        }
        can_grow
    }

    /// Learns from a request of which so many tokens were estimated and counted.
    pub(super) fn learn(&mut self, estimated: u64, counted: u64) {
        let per_mille = counted.saturating_mul(1000) / estimated.max(1);
        // Nothing has four times as many tokens as characters.
        self.per_mille = self.per_mille.max(per_mille.min(4000));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(chars: usize) -> Request {
        Request::document("Sum up.".to_owned(), "a".repeat(chars), json!({}))
    }

    #[test]
    fn windows_are_steps_that_hold_request_and_answer() {
        for (chars, tokens) in [
            (10, 8 * 1024),
            (10_000, 8 * 1024),
            (20_000, 16 * 1024),
            (80_000, 32 * 1024),
            (5_000_000, 256 * 1024),
        ] {
            let mut window = Window::default();
            window.fit(&request(chars));
            assert_eq!(window.tokens(), tokens, "{chars}");
            window.fit(&request(10));
            assert_eq!(window.tokens(), tokens, "the model would be loaded anew");
        }
    }

    #[test]
    fn what_was_counted_is_learned_from() {
        let mut window = Window::default();
        window.learn(1000, 500);
        window.fit(&request(10_000));
        assert_eq!(window.tokens(), 8 * 1024);
        window.learn(1000, 2500);
        window.fit(&request(10_000));
        assert_eq!(window.tokens(), 16 * 1024);
    }
}
