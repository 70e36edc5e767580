//! Characters that arrive in halves: some servers cut an answer between the two escapes of a
//! surrogate pair, which no JSON parser takes.

use serde_json::Value;

/// What stands for half a pair until the other half has come: as many private characters as there
/// are halves (U+D800 to U+DFFF). They are looked for only where some were put.
const FIRST: u32 = 0x0010_f800;
const HALVES: u32 = 0x800;

/// Reads JSON in which halves may stand alone.
pub(crate) fn parse(json: &str) -> Result<(Value, bool), serde_json::Error> {
    match serde_json::from_str(json) {
        Ok(value) => Ok((value, false)),
        Err(error) => match marked(json) {
            Some(marked) => serde_json::from_str(&marked).map(|value| (value, true)),
            None => Err(error),
        },
    }
}

/// The text with a private character for each half that stands alone; none where none does.
fn marked(json: &str) -> Option<String> {
    let mut marked = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = json.get(at..)?.find('\\') {
        at += found;
        let Some(unit) = unit(json, at) else {
            at += 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        };
        let next = at + 6;
        let low = unit_in(json, next, 0xdc00..0xe000);
        match unit {
            0xd800..0xdc00 if low => at = next + 6,
            0xd800..0xe000 => {
                marked.push_str(&json[done..at]);
                marked.extend(char::from_u32(FIRST + (unit - 0xd800)));
                done = next;
                at = next;
            }
            _ => at = next,
        }
    }
    (done > 0).then(|| marked + &json[done..])
}

/// The unit of UTF-16 that is escaped there.
fn unit(json: &str, at: usize) -> Option<u32> {
    let digits = json.get(at..)?.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

fn unit_in(json: &str, at: usize, range: std::ops::Range<u32>) -> bool {
    unit(json, at).is_some_and(|unit| range.contains(&unit))
}

/// Joins halves across the pieces of a text. One that stays alone becomes U+FFFD.
#[derive(Debug, Default)]
pub(crate) struct Halves {
    high: Option<u32>,
}

impl Halves {
    /// The piece as text, as far as it is certain.
    pub(crate) fn join(&mut self, piece: &str, is_marked: bool) -> String {
        if !is_marked && self.high.is_none() {
            return piece.to_owned();
        }
        let mut text = String::with_capacity(piece.len());
        for char in piece.chars() {
            let half = u32::from(char).wrapping_sub(FIRST);
            let half = (is_marked && half < HALVES).then_some(half + 0xd800);
            match (self.high.take(), half) {
                (Some(high), Some(low @ 0xdc00..)) => {
                    let scalar = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    text.extend(char::from_u32(scalar));
                    continue;
                }
                (Some(_), _) => text.push(char::REPLACEMENT_CHARACTER),
                (None, _) => {}
            }
            match half {
                Some(high @ ..0xdc00) => self.high = Some(high),
                Some(_) => text.push(char::REPLACEMENT_CHARACTER),
                None => text.push(char),
            }
        }
        text
    }

    /// What is left at the end of the text.
    pub(crate) fn end(&mut self) -> String {
        self.high.take().map(|_| char::REPLACEMENT_CHARACTER).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(chunks: &[&str]) -> String {
        let mut halves = Halves::default();
        let mut text = String::new();
        for chunk in chunks {
            let (value, is_marked) = parse(&format!("{{\"a\":\"{chunk}\"}}")).unwrap();
            text.push_str(&halves.join(value["a"].as_str().unwrap(), is_marked));
        }
        text + &halves.end()
    }

    #[test]
    fn halves_are_joined_and_those_alone_replaced() {
        assert_eq!(joined(&["\\ud83d", "\\ude00"]), "😀");
        assert_eq!(joined(&["a\\ud83d", "", "\\ude00b"]), "a😀b");
        assert_eq!(joined(&["\\ud83d", "x"]), "\u{fffd}x");
        assert_eq!(joined(&["\\ude00\\ud83d"]), "\u{fffd}\u{fffd}");
        assert_eq!(joined(&["\\ud83d\\ude00\\ud83d", "\\ud83d", "\\ude00"]), "😀\u{fffd}😀");
        assert_eq!(joined(&["\\\\ud83d \\u4e2d", "\u{10f83d}"]), "\\ud83d 中\u{10f83d}");
    }

    #[test]
    fn what_is_no_json_otherwise_stays_none() {
        assert!(parse("{\"a\":\"\\ud83d\"").is_err() && parse("\\ud83d\\").is_err());
        assert!(parse("\\").is_err() && parse("\"\\u12").is_err());
    }
}
