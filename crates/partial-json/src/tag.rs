//! The marks that models put around what they think: `<think>`, `[THINK]`, `<seed:think>`,
//! `◁think▷`, `<|begin_of_thought|>`, `<|channel|>`.

/// A longer one is none.
const MAX_BYTES: usize = 48;
const WIDE_OPEN: &[u8] = "◁".as_bytes();
const WIDE_CLOSE: &[u8] = "▷".as_bytes();

/// Words that a thought's name holds, in lower case.
const THOUGHTS: [&str; 8] =
    ["think", "thought", "reason", "reflect", "scratchpad", "analysis", "monologue", "draft"];
/// Names of what follows the thoughts.
const ANSWERS: [&str; 6] =
    ["answer", "response", "final", "final_answer", "final response", "solution"];

/// What may be a mark, from its opening sign on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tag {
    bytes: Vec<u8>,
}

/// What a byte is to a [`Tag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    More,
    Whole,
    /// It is no mark, and the byte is yet to be looked at.
    Refused,
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A thought of this name begins.
    Opens(String),
    /// A thought of this name ends.
    Closes(String),
    /// The answer begins, so that what stood before it was none.
    Answer,
    /// `<|channel|>` of OpenAI's harmony format: what follows is named next.
    Channel,
    /// Another mark of that format: a message begins or ends.
    Message,
    Nothing,
}

impl Tag {
    /// Whether a mark may begin with this byte.
    pub(crate) fn may_begin(byte: u8) -> bool {
        matches!(byte, b'<' | b'[') || byte == WIDE_OPEN[0]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What there is of it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Takes what was pushed last back.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
    }

    /// Takes the next byte; the first must be one that [`may_begin`](Self::may_begin).
    pub(crate) fn push(&mut self, byte: u8) -> Step {
        let Some(&first) = self.bytes.first() else {
            self.bytes.push(byte);
            return Step::More;
        };
        let is_wide = first == WIDE_OPEN[0];
        let length = self.bytes.len();
        let follows = match WIDE_OPEN.get(length).filter(|_| is_wide) {
            Some(expected) => byte == *expected,
            None => {
                length < MAX_BYTES && !matches!(byte, b'<' | b'[' | b'{' | b'"' | b'`' | ..b' ')
            }
        };
        if !follows {
            return Step::Refused;
        }
        self.bytes.push(byte);
        let ends = match first {
            b'<' => byte == b'>',
            b'[' => byte == b']',
            _ => self.bytes.ends_with(WIDE_CLOSE),
        };
        if ends { Step::Whole } else { Step::More }
    }

    /// Whether it may stand anywhere, and not only where a line begins.
    pub(crate) fn is_special(&self) -> bool {
        self.bytes.starts_with(b"<|") || self.bytes.starts_with(WIDE_OPEN)
    }

    /// What it says, once it is whole.
    pub(crate) fn meaning(&self) -> Meaning {
        let text = String::from_utf8_lossy(&self.bytes).to_lowercase();
        let inner = text.trim_start_matches(['<', '[', '◁']).trim_end_matches(['>', ']', '▷']);
        match inner {
            "|channel|" => return Meaning::Channel,
            "|message|" | "|end|" | "|start|" | "|return|" | "|call|" => return Meaning::Message,
            _ => {}
        }
        let name = inner.trim_matches('|');
        let without = |prefixes: &[&str]| prefixes.iter().find_map(|it| name.strip_prefix(it));
        if let Some(name) = without(&["/", "end_of_", "end_", "end of ", "end "]) {
            return if is_thought(name) { Meaning::Closes(word(name)) } else { Meaning::Nothing };
        }
        let name = without(&["begin_of_", "begin_", "start_of_", "start_", "begin "]);
        let name = name.unwrap_or(inner.trim_matches('|'));
        if ANSWERS.contains(&name) {
            Meaning::Answer
        } else if is_thought(name) {
            Meaning::Opens(word(name))
        } else {
            Meaning::Nothing
        }
    }
}

/// The name, without attributes.
fn word(name: &str) -> String {
    name.split(' ').next().unwrap_or_default().to_owned()
}

fn is_thought(name: &str) -> bool {
    let name = name.split(' ').next().unwrap_or_default();
    THOUGHTS.iter().any(|thought| name.contains(thought))
}

#[cfg(test)]
mod tests {
    use super::{Meaning, Step, Tag};

    fn meaning(text: &str) -> Option<Meaning> {
        let mut tag = Tag::default();
        let first = text.bytes().map(|byte| tag.push(byte)).find(|step| *step != Step::More);
        (first == Some(Step::Whole)).then(|| tag.meaning())
    }

    #[test]
    fn marks_are_known_by_their_names() {
        for (text, expected) in [
            ("<think>", Meaning::Opens("think".into())),
            ("</Think>", Meaning::Closes("think".into())),
            ("<thinking mode=1>", Meaning::Opens("thinking".into())),
            ("[THINK]", Meaning::Opens("think".into())),
            ("[/THINK]", Meaning::Closes("think".into())),
            ("<seed:think>", Meaning::Opens("seed:think".into())),
            ("◁think▷", Meaning::Opens("think".into())),
            ("◁/think▷", Meaning::Closes("think".into())),
            ("<|begin_of_thought|>", Meaning::Opens("thought".into())),
            ("<|end_of_thought|>", Meaning::Closes("thought".into())),
            ("<|START_THINKING|>", Meaning::Opens("thinking".into())),
            ("<|START_RESPONSE|>", Meaning::Answer),
            ("[BEGIN FINAL RESPONSE]", Meaning::Answer),
            ("<|channel|>", Meaning::Channel),
            ("<p>", Meaning::Nothing),
            ("[1]", Meaning::Nothing),
        ] {
            assert_eq!(meaning(text), Some(expected), "{text}");
        }
        for text in ["<th<", "<think\n", "[\"think\"]", "◀think▶", "<think {"] {
            assert_eq!(meaning(text), None, "{text}");
        }
    }
}
