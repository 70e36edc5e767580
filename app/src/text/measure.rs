use super::{direction::Direction, is_han};
use crate::samples;

/// How long a text is, for people and in a request, and what can be said of it at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Unicode scalar values.
    pub(crate) chars: u64,
    /// How long it takes to read, in minutes.
    pub(crate) reading_min: u64,
    /// The length of the request that carries the text, in bytes; the true one is never longer.
    pub(crate) request_bytes: u64,
    /// Whether the text has nothing to read.
    pub(crate) blank: bool,
    /// Whether the text is a sample that nobody has changed.
    pub(crate) is_sample: bool,
    pub(crate) direction: Direction,
}

/// How many characters are read in a minute, in Latin letters and in Chinese.
const LETTERS_A_MINUTE: u64 = 1_250;
const HAN_A_MINUTE: u64 = 400;

/// More bytes than a request holds besides the text.
const ENVELOPE_BYTES: u64 = 256;

impl Measure {
    pub(crate) fn of(text: &str) -> Self {
        let escaped = |byte: u8| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..0x20 => 6,
            _ => 1,
        };
        let (mut chars, mut han) = (0, 0);
        for letter in text.chars() {
            chars += 1;
            han += u64::from(is_han(letter));
        }
        Self {
            chars,
            reading_min: (chars - han) / LETTERS_A_MINUTE + han / HAN_A_MINUTE,
            request_bytes: ENVELOPE_BYTES + text.bytes().map(escaped).sum::<u64>(),
            blank: protocol::is_blank(text),
            is_sample: samples::is_one(text),
            direction: Direction::of(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_never_longer_than_measured() {
        for text in ["", "plain", "a \"quoted\" \\ line\n\u{1}", "中文 👩‍🚀"] {
            let body = serde_json::json!({"request": {
                "text": text, "language": "auto", "length": "medium",
            }});
            assert!(body.to_string().len() as u64 <= Measure::of(text).request_bytes);
        }
    }

    #[test]
    fn twenty_thousand_letters_take_a_quarter_of_an_hour() {
        assert_eq!(Measure::of(&"word ".repeat(4_000)).reading_min, 16);
        assert_eq!(Measure::of(&"钟".repeat(4_000)).reading_min, 10);
        assert_eq!(Measure::of("A sentence.").reading_min, 0);
    }

    #[test]
    fn white_space_is_blank() {
        assert!(Measure::of(" \n\u{3000}").blank);
        assert!(!Measure::of(" . ").blank);
    }

    #[test]
    fn what_nobody_can_see_is_blank() {
        assert!(Measure::of(" \u{200b}\u{feff}\u{2060}\n").blank);
        assert!(!Measure::of("\u{feff}\u{200b}a").blank);
    }
}
