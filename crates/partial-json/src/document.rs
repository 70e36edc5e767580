mod atoms;
mod strings;

use atoms::Word;

use crate::escape::Escape;
use crate::number::Number;
use crate::pointer::Pointer;
use crate::{Error, ErrorKind, Event, Kind, Options, Surroundings};

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
            _ => Err(ErrorKind::UnexpectedEnd),
        }
    }

    /// Reads white space or one byte between values.
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
        Ok(at + 1)
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

    fn is_tolerant(&self) -> bool {
        self.options.surroundings == Surroundings::Tolerant
    }

    fn error(&self, kind: ErrorKind, at: usize) -> Error {
        kind.at(self.piece_offset + at as u64)
    }
}
