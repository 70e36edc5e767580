use llm::{Script, most_tokens};

/// A request of fewer tokens teaches nothing: what stands around its text weighs too much.
const LEAST_LEARNED: u64 = 200;

/// How far a gauge goes at most, in thousandths of the estimate.
const RANGE: std::ops::RangeInclusive<u64> = 200..=4_000;

/// Estimates how many tokens a model makes of a text, and learns from what was counted.
///
/// It begins where hardly any vocabulary makes more: one token for each Chinese character, 0.35
/// for any other. What a model makes of words and of Chinese is learned apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Tokens for a thousand that were estimated.
    narrow: u64,
    wide: u64,
}

impl Default for Gauge {
    fn default() -> Self {
        Self { narrow: 1000, wide: 1000 }
    }
}

impl Gauge {
    /// How many tokens a text has, rather too many than too few.
    #[must_use]
    pub fn tokens(&self, text: &str) -> u64 {
        self.scaled(most_tokens(text), Script::of(text))
    }

    /// Learns that something of `estimated` tokens, by [`most_tokens`], has `counted`. More than was
    /// expected is believed at once, less little by little.
    pub fn learn(&mut self, script: Script, estimated: u64, counted: u64) {
        if estimated < LEAST_LEARNED || counted == 0 {
            return;
        }
        let seen = (counted * 1000 / estimated).clamp(*RANGE.start(), *RANGE.end());
        let known = self.part(script);
        *known = if seen > *known { seen } else { *known - (*known - seen) / 4 };
    }

    /// Goes by what the model's own server has counted of this text from now on, with a twentieth
    /// on top: other places of it may have more.
    pub fn set(&mut self, script: Script, estimated: u64, counted: u64) {
        if estimated >= LEAST_LEARNED {
            let seen = counted * 1050 / estimated;
            *self.part(script) = seen.clamp(*RANGE.start(), *RANGE.end());
        }
    }

    fn part(&mut self, script: Script) -> &mut u64 {
        match script {
            Script::Narrow => &mut self.narrow,
            Script::Wide => &mut self.wide,
        }
    }

    fn scaled(&self, estimated: u64, script: Script) -> u64 {
        let per_mille = match script {
            Script::Narrow => self.narrow,
            Script::Wide => self.wide,
        };
        (estimated * per_mille).div_ceil(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_believed_at_once_and_less_little_by_little() {
        let mut gauge = Gauge::default();
        let text = "word ".repeat(1_000);
        let estimated = most_tokens(&text);
        gauge.learn(Script::Narrow, estimated, estimated / 2);
        let first = gauge.tokens(&text);
        assert!(first < estimated && first > estimated / 2);
        gauge.learn(Script::Narrow, estimated, estimated * 2);
        assert_eq!(gauge.tokens(&text), estimated * 2);
        gauge.learn(Script::Narrow, 20, 1_000);
        assert_eq!(gauge.tokens(&text), estimated * 2, "too short to teach");
        assert_eq!(gauge.tokens(&"新".repeat(500)), 500, "Chinese is another matter");
        gauge.set(Script::Narrow, estimated, 1_000);
        assert!((1_000..1_060).contains(&gauge.tokens(&text)));
    }
}
