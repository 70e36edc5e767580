use crate::Event;
use crate::tag::{Meaning, Step as TagStep, Tag};

const BOM: char = '\u{feff}';
/// White space that a beginning may hold, besides its key.
const BEGINNING_SLACK_BYTES: usize = 1024;
/// Behind `<|channel|>`: what ends the channel's name, and how long that may be.
const HEADER_END: &str = "<|message|>";
const MAX_HEADER_BYTES: usize = 96;

/// What comes before the document: finds where it begins
/// (see [`Surroundings::Tolerant`](crate::Surroundings::Tolerant)).
#[derive(Debug)]
pub(crate) struct Prologue {
    state: State,
    /// What may be the document, from `{` on.
    beginning: String,
    max_beginning_bytes: usize,
    /// Whether the document may have slips.
    is_lenient: bool,
    /// Whether nothing but white space or a fence stands before this on its line.
    opens_line: bool,
    backticks: u8,
    /// What may be a mark before, in or behind thoughts.
    tag: Tag,
    /// What the thought is called; none for a channel of harmony, which ends with any of its marks.
    thought: Option<String>,
    /// The name of a channel of harmony.
    header: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Prose,
    /// The info string behind a fence's backticks.
    Fence,
    /// In what may be a mark, which may or may not open a thought.
    Tag,
    /// Behind `<|channel|>`.
    Header,
    Thinking,
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
    pub(crate) fn new(max_key_bytes: usize, is_lenient: bool) -> Self {
        Self {
            state: State::Prose,
            beginning: String::new(),
            max_beginning_bytes: max_key_bytes.saturating_add(BEGINNING_SLACK_BYTES),
            is_lenient,
            opens_line: true,
            backticks: 0,
            tag: Tag::default(),
            thought: None,
            header: String::new(),
        }
    }

    /// Reads a piece, up to where it is certain that the document has begun: gives that place.
    /// What belongs to the document and stands before it is [`take_beginning`](Self::take_beginning).
    pub(crate) fn read(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Option<usize> {
        let mut at = 0;
        while let Some(char) = piece[at..].chars().next() {
            if self.state == State::Thinking {
                at = self.think(piece, at, sink);
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
        if self.state == State::Thinking {
            self.refuse_tag(sink);
        }
        (!self.beginning.is_empty()).then(|| self.take_beginning())
    }

    fn step(&mut self, char: char) -> Step {
        let white =
            matches!(char, ' ' | '\n' | '\r' | '\t') || self.is_lenient && char.is_whitespace();
        let next = match (self.state, char) {
            (State::Prose | State::Fence | State::Tag | State::Header | State::Thinking, _) => {
                self.prose(char, white)
            }
            (State::Brace, '"') => State::Key,
            (State::Brace, '}') if self.opens_line => return Step::Begins,
            (State::Key, '"') => State::Colon,
            (State::Key, '\\') => State::KeyEscape,
            (State::Key | State::KeyEscape, ' '..) => State::Key,
            (State::Colon, ':') => State::Value,
            (State::Colon, '：') if self.is_lenient => State::Value,
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
            (State::Tag, _) => {
                if let Some(state) = self.read_tag(char) {
                    return state;
                }
                self.opens_line = false;
            }
            (State::Header, _) if char != '{' => return self.read_header(char),
            _ => {}
        }
        let backticks = std::mem::take(&mut self.backticks);
        match char {
            '{' => return State::Brace,
            '<' | '◁' => return self.begin_tag(char),
            '[' if self.opens_line => return self.begin_tag(char),
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

    /// `opens_line` stays what it was before the mark.
    fn begin_tag(&mut self, char: char) -> State {
        self.tag.clear();
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            self.tag.push(byte);
        }
        State::Tag
    }

    /// Reads on in what may be a mark; gives none when it is not, and `char` is yet to be read.
    fn read_tag(&mut self, char: char) -> Option<State> {
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            match self.tag.push(byte) {
                TagStep::More => {}
                TagStep::Refused => return None,
                TagStep::Whole => return Some(self.end_tag()),
            }
        }
        Some(State::Tag)
    }

    fn end_tag(&mut self) -> State {
        let may_open = self.opens_line || self.tag.is_special();
        let meaning = self.tag.meaning();
        self.tag.clear();
        match meaning {
            Meaning::Opens(name) if may_open => {
                self.thought = Some(name);
                return State::Thinking;
            }
            Meaning::Channel => {
                self.header.clear();
                return State::Header;
            }
            Meaning::Closes(_) | Meaning::Answer | Meaning::Message => self.opens_line = true,
            _ => self.opens_line = false,
        }
        State::Prose
    }

    /// Reads on in the name of a channel: all but the last hold thoughts.
    fn read_header(&mut self, char: char) -> State {
        self.header.push(char);
        if self.header.ends_with(HEADER_END) {
            self.thought = None;
            self.opens_line = true;
            let is_final = self.header.starts_with("final");
            return if is_final { State::Prose } else { State::Thinking };
        }
        if self.header.len() < MAX_HEADER_BYTES { State::Header } else { State::Prose }
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

    /// Reports thoughts, all but what may be the mark that ends them. Gives where it stopped.
    fn think(&mut self, piece: &str, from: usize, sink: &mut impl FnMut(Event<'_>)) -> usize {
        let bytes = piece.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            if self.tag.is_empty() {
                let rest = &bytes[at..];
                let sign = rest.iter().position(|byte| Tag::may_begin(*byte));
                let sign = sign.unwrap_or(rest.len());
                report(&piece[at..at + sign], sink);
                at += sign;
            }
            // A mark is read whole characters at a time, since what is none is reported.
            let Some(char) = piece[at..].chars().next() else { break };
            match self.read_mark(char, sink) {
                Mark::Read => at += char.len_utf8(),
                Mark::Refused => {}
                Mark::Ends => {
                    self.opens_line = true;
                    self.state = State::Prose;
                    return at + char.len_utf8();
                }
                Mark::Channel => {
                    self.header.clear();
                    self.state = State::Header;
                    return at + char.len_utf8();
                }
            }
        }
        at
    }

    /// Reads on in what may be a mark within thoughts.
    fn read_mark(&mut self, char: char, sink: &mut impl FnMut(Event<'_>)) -> Mark {
        let began = self.tag.bytes().len();
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            match self.tag.push(byte) {
                TagStep::More => {}
                TagStep::Whole => return self.end_mark(sink),
                TagStep::Refused if began == 0 => {
                    self.tag.clear();
                    report(char.encode_utf8(&mut [0; 4]), sink);
                    return Mark::Read;
                }
                TagStep::Refused => {
                    self.tag.truncate(began);
                    self.refuse_tag(sink);
                    return Mark::Refused;
                }
            }
        }
        Mark::Read
    }

    fn end_mark(&mut self, sink: &mut impl FnMut(Event<'_>)) -> Mark {
        let mark = match (self.tag.meaning(), &self.thought) {
            (Meaning::Closes(name), Some(thought)) if name == *thought => Mark::Ends,
            (Meaning::Message, None) => Mark::Ends,
            (Meaning::Channel, None) => Mark::Channel,
            _ => {
                self.refuse_tag(sink);
                return Mark::Read;
            }
        };
        self.tag.clear();
        mark
    }

    /// What looked like a mark within thoughts is part of them.
    fn refuse_tag(&mut self, sink: &mut impl FnMut(Event<'_>)) {
        report(&String::from_utf8_lossy(self.tag.bytes()), sink);
        self.tag.clear();
    }
}

/// What a character is to thoughts.
enum Mark {
    Read,
    /// It is yet to be read.
    Refused,
    /// The thoughts end with it.
    Ends,
    /// A channel of harmony is named next.
    Channel,
}

fn report(text: &str, sink: &mut impl FnMut(Event<'_>)) {
    if !text.is_empty() {
        sink(Event::Reasoning { text });
    }
}
