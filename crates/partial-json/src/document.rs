mod atoms;
mod strings;

use atoms::Word;

use crate::escape::Escape;
use crate::number::Number;
use crate::pointer::Pointer;
use crate::{Error, ErrorKind, Event, Grammar, Kind, Options};

/// The document itself: a state and a stack, no recursion.
#[derive(Debug)]
pub(crate) struct Document {
    options: Options,
    state: State,
    pointer: Pointer,
    escape: Escape,
    /// Text behind an escape, or what earlier pieces held of a number. Empty between tokens.
    scratch: String,
    /// Where the piece begins that is being read.
    piece_offset: u64,
    /// Where the key or number begins that is being read.
    token_offset: u64,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Nothing but white space yet.
    Root,
    /// A value must follow.
    Value,
    /// Behind `[`: a value or `]`.
    FirstItem,
    /// Behind `{`: a key or `}`.
    FirstKey,
    /// A key must follow.
    Key,
    /// Behind a key.
    Colon,
    /// Behind a value in an object or array: a comma or the end.
    Comma,
    InKey,
    InText,
    InNumber(Number),
    InWord(Word),
    Complete,
}

impl Document {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            state: State::Root,
            pointer: Pointer::default(),
            escape: Escape::default(),
            scratch: String::new(),
            piece_offset: 0,
            token_offset: 0,
        }
    }

    /// Forgets what it has read.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.options.clone());
    }

    pub(crate) fn has_begun(&self) -> bool {
        !matches!(self.state, State::Root)
    }

    #[inline]
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.state, State::Complete)
    }

    /// Reads a piece that begins `offset` bytes into the input; gives how many bytes it read: all,
    /// unless the document ended before.
    #[inline]
    pub(crate) fn read(
        &mut self,
        piece: &str,
        offset: u64,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<usize, Error> {
        self.piece_offset = offset;
        let mut at = 0;
        while at < piece.len() {
            at = match self.state {
                State::InText => self.read_text(piece, at, sink)?,
                State::InKey => self.read_key(piece, at)?,
                State::InNumber(number) => self.read_number(piece, at, number, sink)?,
                State::InWord(word) => self.read_word(piece, at, word, sink)?,
                State::Complete => break,
                _ => self.read_structure(piece, at, sink)?,
            };
        }
        Ok(at)
    }

    /// Ends the input.
    pub(crate) fn finish(&mut self, sink: &mut impl FnMut(Event<'_>)) -> Result<(), ErrorKind> {
        match self.state {
            State::Complete => Ok(()),
            State::Root => Err(ErrorKind::NoDocument),
            State::InNumber(number) if number.is_whole() && self.pointer.depth() == 0 => {
                self.end_number("", sink);
                Ok(())
            }
            State::Comma if self.lacks_last_brace() => {
                self.end_container(sink);
                Ok(())
            }
            _ => Err(ErrorKind::UnexpectedEnd),
        }
    }

    /// Reads white space or one sign between values.
    fn read_structure(
        &mut self,
        piece: &str,
        at: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<usize, Error> {
        let byte = piece.as_bytes()[at];
        if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            return Ok(at + 1);
        }
        if self.is_lenient()
            && let Some(next) = self.read_slip(piece, at, sink)?
        {
            return Ok(next);
        }
        self.read_sign(byte, at, sink)?;
        Ok(at + 1)
    }

    fn read_sign(
        &mut self,
        byte: u8,
        at: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        match (self.state, byte) {
            (State::FirstKey | State::Key, b'"') => {
                self.token_offset = self.piece_offset + at as u64;
                self.pointer.begin_key();
                self.state = State::InKey;
            }
            (State::Colon, b':') => self.state = State::Value,
            (State::Comma, b',') if self.pointer.in_array() => self.state = State::Value,
            (State::Comma, b',') => self.state = State::Key,
            (State::FirstKey, b'}') | (State::FirstItem, b']') => self.end_container(sink),
            (State::Comma, b'}') if !self.pointer.in_array() => self.end_container(sink),
            (State::Comma, b']') if self.pointer.in_array() => self.end_container(sink),
            (State::Root | State::Value | State::FirstItem, _) => {
                self.begin_value(byte, at, sink)?;
            }
            _ => return Err(self.error(ErrorKind::UnexpectedByte, at)),
        }
        Ok(())
    }

    /// Reads what only [`Grammar::Lenient`] allows between values; gives where it ends, or none
    /// when nothing of that kind stands there.
    fn read_slip(
        &mut self,
        piece: &str,
        at: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<Option<usize>, Error> {
        let Some(char) = piece[at..].chars().next() else { return Ok(None) };
        let next = at + char.len_utf8();
        let in_array = self.pointer.in_array();
        match (self.state, char) {
            (_, '，') => self.read_sign(b',', at, sink)?,
            (_, '：') => self.read_sign(b':', at, sink)?,
            (_, char) if char.is_whitespace() || char < ' ' || char == '\u{feff}' => {}
            (State::Key, '}') => self.end_container(sink),
            (State::Value, ']') if in_array => self.end_container(sink),
            (State::Key, ',') => {}
            (State::Value, ',') if in_array => {}
            (State::Comma, '"') => {
                self.state = if in_array { State::Value } else { State::Key };
                self.read_sign(b'"', at, sink)?;
            }
            (State::Comma, '`') if self.lacks_last_brace() => {
                self.end_container(sink);
                return Ok(Some(at));
            }
            _ => return Ok(None),
        }
        Ok(Some(next))
    }

    /// Whether all is closed but the document.
    fn lacks_last_brace(&self) -> bool {
        self.is_lenient() && self.pointer.depth() == 1 && !self.pointer.in_array()
    }

    fn begin_value(
        &mut self,
        byte: u8,
        at: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        self.pointer.begin_item();
        let path = self.pointer.as_str();
        match byte {
            b'"' => {
                sink(Event::Started { path, kind: Kind::Text });
                self.state = State::InText;
            }
            b'{' | b'[' if self.pointer.depth() >= self.options.max_depth => {
                return Err(self.error(ErrorKind::TooDeep, at));
            }
            b'{' => {
                sink(Event::Started { path, kind: Kind::Object });
                self.pointer.enter_object();
                self.state = State::FirstKey;
            }
            b'[' => {
                sink(Event::Started { path, kind: Kind::Array });
                self.pointer.enter_array();
                self.state = State::FirstItem;
            }
            _ => self.begin_atom(byte, at)?,
        }
        Ok(())
    }

    fn end_container(&mut self, sink: &mut impl FnMut(Event<'_>)) {
        self.pointer.leave();
        sink(Event::Completed { path: self.pointer.as_str() });
        self.end_value();
    }

    fn end_value(&mut self) {
        self.state = if self.pointer.depth() == 0 { State::Complete } else { State::Comma };
    }

    fn is_lenient(&self) -> bool {
        self.options.grammar == Grammar::Lenient
    }

    fn error(&self, kind: ErrorKind, at: usize) -> Error {
        kind.at(self.piece_offset + at as u64)
    }
}
