use super::direction::Direction;
use crate::samples;

/// How long a text is, for people and in a request, and what can be said of it at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Unicode scalar values.
    pub(crate) chars: u64,
    /// The length of the request that carries the text, in bytes; the true one is never longer.
    pub(crate) request_bytes: u64,
    /// Whether the text has nothing to read.
    pub(crate) blank: bool,
    /// Whether the text is a sample that nobody has changed.
    pub(crate) is_sample: bool,
    pub(crate) direction: Direction,
}

/// More bytes than a request holds besides the text.
const ENVELOPE_BYTES: u64 = 256;

impl Measure {
    pub(crate) fn of(text: &str) -> Self {
        let escaped = |byte: u8| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..0x20 => 6,
            _ => 1,
        };
        Self {
            chars: text.chars().count() as u64,
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
