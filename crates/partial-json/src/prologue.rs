use memchr::memchr;

use crate::Event;

const THINK: &str = "<think>";
const END_THINK: &str = "</think>";
const BOM: char = '\u{feff}';
/// White space that a beginning may hold, besides its key.
const BEGINNING_SLACK_BYTES: usize = 1024;

/// What comes before the document: finds where it begins
/// (see [`Surroundings::Tolerant`](crate::Surroundings::Tolerant)).
#[derive(Debug)]
pub(crate) struct Prologue {
    state: State,
    /// What may be the document, from `{` on.
    beginning: String,
    max_beginning_bytes: usize,
    /// Whether nothing but white space or a fence stands before this on its line.
    opens_line: bool,
    backticks: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Prose,
    /// The info string behind a fence's backticks.
    Fence,
    /// So many bytes of `<think>`.
    Tag(usize),
    /// In the block, behind so many bytes of `</think>`.
    Thinking(usize),
    /// Behind `{`; `opens_line` is what it was before.
    Brace,
    Key,
    KeyEscape,
    Colon,
    Value,
}

enum Step {
    Taken,
    /// The document begins with `beginning` and this character.
    Begins,
    /// `beginning` is prose, and this character is yet to be looked at.
    Refused,
}

impl Prologue {
    pub(crate) fn new(max_key_bytes: usize) -> Self {
        Self {
            state: State::Prose,
            beginning: String::new(),
            max_beginning_bytes: max_key_bytes.saturating_add(BEGINNING_SLACK_BYTES),
            opens_line: true,
            backticks: 0,
        }
    }

    /// Reads a piece, up to where it is certain that the document has begun: gives that place.
    /// What belongs to the document and stands before it is [`take_beginning`](Self::take_beginning).
    pub(crate) fn read(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Option<usize> {
        let mut at = 0;
        while let Some(char) = piece[at..].chars().next() {
            if let State::Thinking(matched) = self.state {
                at = self.think(piece, at, matched, sink);
                continue;
            }
            match self.step(char) {
                Step::Taken => {}
                Step::Begins => return Some(at),
                Step::Refused => self.reread(char),
            }
            at += char.len_utf8();
        }
        None
    }

    pub(crate) fn take_beginning(&mut self) -> String {
        std::mem::take(&mut self.beginning)
    }

    /// Ends the input: gives what began a document and was cut off.
    pub(crate) fn finish(&mut self, sink: &mut impl FnMut(Event<'_>)) -> Option<String> {
        if let State::Thinking(matched @ 1..) = self.state {
            sink(Event::Reasoning { text: &END_THINK[..matched] });
        }
        (!self.beginning.is_empty()).then(|| self.take_beginning())
    }

    fn step(&mut self, char: char) -> Step {
        let white = matches!(char, ' ' | '\n' | '\r' | '\t');
        let next = match (self.state, char) {
            (State::Prose | State::Fence | State::Tag(_) | State::Thinking(_), _) => {
                self.prose(char, white)
            }
            (State::Brace, '"') => State::Key,
            (State::Brace, '}') if self.opens_line => return Step::Begins,
            (State::Key, '"') => State::Colon,
            (State::Key, '\\') => State::KeyEscape,
            (State::Key | State::KeyEscape, ' '..) => State::Key,
            (State::Colon, ':') => State::Value,
            (State::Value, '"' | '{' | '[' | '-' | '0'..='9' | 't' | 'f' | 'n') => {
                return Step::Begins;
            }
            (state @ (State::Brace | State::Colon | State::Value), _) if white => state,
            _ => return Step::Refused,
        };
        if matches!(
            next,
            State::Brace | State::Key | State::KeyEscape | State::Colon | State::Value
        ) {
            if self.beginning.len() >= self.max_beginning_bytes {
                return Step::Refused;
            }
            self.beginning.push(char);
        }
        self.state = next;
        Step::Taken
    }

    fn prose(&mut self, char: char, white: bool) -> State {
        match (self.state, char) {
            (State::Fence, 'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.' | '_' | '`') => {
                return State::Fence;
            }
            (State::Tag(matched), _) if THINK[matched..].starts_with(char) => {
                let matched = matched + 1;
                return if matched == THINK.len() {
                    State::Thinking(0)
                } else {
                    State::Tag(matched)
                };
            }
            (State::Tag(_), _) => self.opens_line = false,
            _ => {}
        }
        let backticks = std::mem::take(&mut self.backticks);
        match char {
            '{' => return State::Brace,
            '<' if self.opens_line => return State::Tag(1),
            '`' if backticks == 2 => {
                self.opens_line = true;
                return State::Fence;
            }
            '`' => {
                self.backticks = backticks + 1;
                self.opens_line = false;
            }
            '\n' => self.opens_line = true,
            _ if white || char == BOM => {}
            _ => self.opens_line = false,
        }
        State::Prose
    }

    /// Looks again at a beginning that has proved to be prose, and at the character that proved
    /// it: another may begin within. Only behind the last quote, so each character is seen at most
    /// a few times.
    fn reread(&mut self, char: char) {
        let mut text = self.take_beginning();
        text.push(char);
        self.state = State::Prose;
        self.opens_line = false;
        let mut at = '{'.len_utf8();
        while let Some(char) = text[at..].chars().next() {
            if let Step::Refused = self.step(char) {
                at = at + '{'.len_utf8() - self.beginning.len();
                self.beginning.clear();
                self.state = State::Prose;
                self.opens_line = false;
            } else {
                at += char.len_utf8();
            }
        }
    }

    /// Reports thoughts, all but what may be the beginning of `</think>`; `matched` bytes of that
    /// came with earlier pieces. Gives where it stopped.
    fn think(
        &mut self,
        piece: &str,
        from: usize,
        mut matched: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> usize {
        let mut earlier = matched;
        let mut at = from;
        loop {
            if matched == 0 {
                at += memchr(b'<', &piece.as_bytes()[at..]).unwrap_or(piece.len() - at);
            }
            let byte = piece.as_bytes().get(at).copied();
            if byte == Some(END_THINK.as_bytes()[matched]) {
                matched += 1;
                at += 1;
            } else if byte.is_some() {
                report(&END_THINK[..earlier], sink);
                earlier = 0;
                matched = 0;
                continue;
            }
            let ended = matched == END_THINK.len();
            if ended || byte.is_none() {
                report(&piece[from..at - (matched - earlier)], sink);
                self.opens_line = true;
                self.state = if ended { State::Prose } else { State::Thinking(matched) };
                return at;
            }
        }
    }
}

fn report(text: &str, sink: &mut impl FnMut(Event<'_>)) {
    if !text.is_empty() {
        sink(Event::Reasoning { text });
    }
}
