use super::{Document, State};
use crate::number::{Number, Step};
use crate::{Atom, Error, ErrorKind, Event};

/// `true`, `false` or `null`, and how much of it is still missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    value: Atom<'static>,
    missing: &'static [u8],
}

impl Document {
    pub(super) fn begin_atom(&mut self, byte: u8, at: usize) -> Result<(), Error> {
        let (value, missing): (_, &[u8]) = match byte {
            b't' => (Atom::Bool(true), b"rue"),
            b'f' => (Atom::Bool(false), b"alse"),
            b'n' => (Atom::Null, b"ull"),
            b'T' if self.is_lenient() => (Atom::Bool(true), b"rue"),
            b'F' if self.is_lenient() => (Atom::Bool(false), b"alse"),
            b'N' if self.is_lenient() => (Atom::Null, b"one"),
            _ => return self.begin_number(byte, at),
        };
        self.state = State::InWord(Word { value, missing });
        Ok(())
    }

    pub(super) fn read_word(
        &mut self,
        piece: &str,
        at: usize,
        word: Word,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<usize, Error> {
        match word.missing.split_first() {
            Some((expected, missing)) if *expected == piece.as_bytes()[at] => {
                if missing.is_empty() {
                    sink(Event::Value { path: self.pointer.as_str(), value: word.value });
                    self.end_value();
                } else {
                    self.state = State::InWord(Word { missing, ..word });
                }
                Ok(at + 1)
            }
            _ => Err(self.error(ErrorKind::UnexpectedByte, at)),
        }
    }

    fn begin_number(&mut self, byte: u8, at: usize) -> Result<(), Error> {
        let Some(number) = Number::start(byte) else {
            return Err(self.error(ErrorKind::UnexpectedByte, at));
        };
        self.token_offset = self.piece_offset + at as u64;
        self.scratch.push(char::from(byte));
        self.state = State::InNumber(number);
        Ok(())
    }

    pub(super) fn read_number(
        &mut self,
        piece: &str,
        from: usize,
        mut number: Number,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<usize, Error> {
        let bytes = piece.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match number.step(byte) {
                Step::Part(next) => number = next,
                Step::Behind => {
                    self.end_number(&piece[from..at], sink);
                    return Ok(at);
                }
                Step::Invalid => return Err(self.error(ErrorKind::InvalidNumber, at)),
            }
            at += 1;
            if self.scratch.len() + at - from > self.options.max_number_bytes {
                return Err(ErrorKind::NumberTooLong.at(self.token_offset));
            }
        }
        self.scratch.push_str(&piece[from..at]);
        self.state = State::InNumber(number);
        Ok(at)
    }

    /// Reports the number in the scratch, whose last part is `rest`.
    pub(super) fn end_number(&mut self, rest: &str, sink: &mut impl FnMut(Event<'_>)) {
        self.scratch.push_str(rest);
        let value = Atom::Number(&self.scratch);
        sink(Event::Value { path: self.pointer.as_str(), value });
        self.scratch.clear();
        self.end_value();
    }
}
