use std::{fmt, str::FromStr};

/// The format's version, with which every cursor begins.
const VERSION: &str = "1";

/// How many replies a cursor may name.
const MOST_REPLIES: usize = 1_000;

/// Which conversations a stream carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamScope {
    /// All of an owner's. A cursor of such a stream is good for one conversation, too.
    All,
    /// One.
    One,
}

/// A place in a conversation stream: how far the owner's log of entries was read, and how far the
/// logs of the replies that were being written then.
///
/// As text: `1a12-7.57-11.3`. That is the version, the scope (`a` or `c`), `s` while snapshots are
/// being sent, the number of the last entry, and for each reply the number of its entry and the id
/// of the last event. The text is the only one for its cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) scope: StreamScope,
    /// Conversations are sent as a whole, in the order of their newest entry.
    pub(crate) sends_snapshots: bool,
    /// The number of the last entry.
    pub(crate) seq: u64,
    /// The numbers of replies' entries, rising, each with the id of the last event of its log.
    pub(crate) replies: Vec<(u64, u64)>,
}

/// A text is no [`Cursor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCursor;

impl Cursor {
    /// Behind that entry, when no reply is being written.
    pub(crate) fn at(scope: StreamScope, seq: u64) -> Self {
        Self { scope, sends_snapshots: false, seq, replies: Vec::new() }
    }

    /// The number of the last entry.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = match self.scope {
            StreamScope::All => "a",
            StreamScope::One => "c",
        };
        let snapshots = if self.sends_snapshots { "s" } else { "" };
        write!(f, "{VERSION}{scope}{snapshots}{}", self.seq)?;
        self.replies.iter().try_for_each(|(entry, event)| write!(f, "-{entry}.{event}"))
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let text = text.strip_prefix(VERSION).ok_or(NoCursor)?;
        let (scope, text) = match (text.strip_prefix('a'), text.strip_prefix('c')) {
            (Some(rest), _) => (StreamScope::All, rest),
            (_, Some(rest)) => (StreamScope::One, rest),
            _ => return Err(NoCursor),
        };
        let after_mark = text.strip_prefix('s');
        let mut parts = after_mark.unwrap_or(text).split('-');
        let seq = number(parts.next().unwrap_or_default())?;
        let mut replies: Vec<(u64, u64)> = Vec::new();
        for part in parts {
            let (entry, event) = part.split_once('.').ok_or(NoCursor)?;
            let entry = number(entry)?;
            let is_rising = replies.last().is_none_or(|(last, _)| *last < entry);
            // Snapshots may be of conversations whose replies began later.
            let is_before = after_mark.is_some() || entry <= seq;
            if !is_rising || !is_before || replies.len() == MOST_REPLIES {
                return Err(NoCursor);
            }
            replies.push((entry, number(event)?));
        }
        Ok(Self { scope, sends_snapshots: after_mark.is_some(), seq, replies })
    }
}

/// A number as it is written here: without zeros before it.
fn number(digits: &str) -> Result<u64, NoCursor> {
    let number: u64 = digits.parse().map_err(|_| NoCursor)?;
    if number.to_string() == digits { Ok(number) } else { Err(NoCursor) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for text in ["1a0", "1c7", "1a12-7.57-11.3", "1as3-9.0"] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_one() {
        for text in [
            "",
            "1",
            "a1",
            "2a1",
            "1b1",
            "1a",
            "1a-1",
            "1a01",
            "1a+1",
            "1a1 ",
            "1a1-",
            "1a1-1",
            "1a1-1.",
            "1a1-2.1",
            "1a9-3.1-2.1",
            "1a9-3.1-3.1",
            "1a9-3.1.1",
            "1a18446744073709551616",
            "1aé",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(NoCursor), "{text}");
        }
    }
}
