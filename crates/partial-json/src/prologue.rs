use crate::Event;
use crate::reply::{Channel, Header};
use crate::tag::{Meaning, Step as TagStep, Tag};
use crate::thought::{Progress, Thought};

const BOM: char = '\u{feff}';
/// White space that a beginning may hold, besides its key.
const BEGINNING_SLACK_BYTES: usize = 1024;

/// What comes before the document: finds where it begins
/// (see [`Framing::Tolerant`](crate::Framing::Tolerant)).
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
    /// What may be a mark that opens a thought.
    tag: Tag,
    /// The thought that is open, while one is.
    thought: Thought,
    /// The name of a channel of harmony.
    header: Header,
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
            thought: Thought::default(),
            header: Header::default(),
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
            self.thought.finish(&mut |text: &str| sink(Event::Reasoning { text }));
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
                self.thought = Thought::named(name);
                return State::Thinking;
            }
            Meaning::Channel => {
                self.header = Header::default();
                return State::Header;
            }
            Meaning::Closes(_) | Meaning::Answer | Meaning::Message => self.opens_line = true,
            _ => self.opens_line = false,
        }
        State::Prose
    }

    /// Reads on in the name of a channel.
    fn read_header(&mut self, char: char) -> State {
        match self.header.push(char) {
            Channel::Unfinished => State::Header,
            Channel::Thoughts => {
                self.thought = Thought::channel();
                State::Thinking
            }
            Channel::Answer => {
                self.opens_line = true;
                State::Prose
            }
        }
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

    /// Reports thoughts. Gives where it stopped.
    fn think(&mut self, piece: &str, from: usize, sink: &mut impl FnMut(Event<'_>)) -> usize {
        let report = &mut |text: &str| sink(Event::Reasoning { text });
        let (end, progress) = self.thought.read(piece, from, report);
        match progress {
            Progress::Open => {}
            Progress::Ended => {
                self.opens_line = true;
                self.state = State::Prose;
            }
            Progress::Channel => self.begin_header(),
        }
        end
    }

    fn begin_header(&mut self) {
        self.header = Header::default();
        self.state = State::Header;
    }
}
