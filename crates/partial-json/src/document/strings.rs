use super::{Document, State};
use crate::escape::Outcome;
use crate::{Error, ErrorKind, Event, scan};

/// Unescaped text is handed on at the latest when there is so much of it, however long the piece.
const SCRATCH_BYTES: usize = 16 << 10;

/// What stands between two runs of plain text.
enum Mark {
    PieceEnd,
    Quote,
    Escape,
}

impl Document {
    /// Reads on in a string: one [`Event::Text`] for all the text in the piece, straight out of
    /// the piece when it holds no escape.
    #[inline]
    pub(super) fn read_text(
        &mut self,
        piece: &str,
        from: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<usize, Error> {
        let mut at = from;
        loop {
            if self.escape.is_open() {
                at = self.read_escapes(piece, at, sink)?;
            }
            let run = at;
            let (end, mark) = self.plain_run(piece, at);
            let text = &piece[run..end];
            match mark {
                Ok(Mark::Escape) => {
                    self.scratch.push_str(text);
                    self.escape.open();
                    at = end + 1;
                }
                Ok(Mark::PieceEnd) => {
                    self.hand_on(text, sink);
                    return Ok(end);
                }
                Ok(Mark::Quote) => {
                    self.hand_on(text, sink);
                    sink(Event::Completed { path: self.pointer.as_str() });
                    self.end_value();
                    return Ok(end + 1);
                }
                Err(error) => {
                    self.hand_on(text, sink);
                    return Err(error);
                }
            }
        }
    }

    /// Reads on in a key, straight into the pointer.
    pub(super) fn read_key(&mut self, piece: &str, from: usize) -> Result<usize, Error> {
        let mut at = from;
        loop {
            while self.escape.is_open() {
                let Some(&byte) = piece.as_bytes().get(at) else {
                    return Ok(at);
                };
                at += usize::from(self.unescape(byte, at)?);
                self.pointer.extend_key(&self.scratch);
                self.scratch.clear();
            }
            let (end, mark) = self.plain_run(piece, at);
            self.pointer.extend_key(&piece[at..end]);
            if self.pointer.key_bytes() > self.options.max_key_bytes {
                return Err(ErrorKind::KeyTooLong.at(self.token_offset));
            }
            match mark? {
                Mark::PieceEnd => return Ok(end),
                Mark::Quote => {
                    self.state = State::Colon;
                    return Ok(end + 1);
                }
                Mark::Escape => {
                    self.escape.open();
                    at = end + 1;
                }
            }
        }
    }

    /// The end of the text that can be taken as it stands, and what is there.
    #[inline]
    fn plain_run(&self, piece: &str, from: usize) -> (usize, Result<Mark, Error>) {
        let bytes = piece.as_bytes();
        let mut at = from;
        loop {
            at += scan::plain(&bytes[at..]);
            let mark = match bytes.get(at) {
                None => Ok(Mark::PieceEnd),
                Some(b'"') => Ok(Mark::Quote),
                Some(b'\\') => Ok(Mark::Escape),
                Some(_) if self.is_lenient() => {
                    at += 1;
                    continue;
                }
                Some(_) => Err(self.error(ErrorKind::ControlCharacter, at)),
            };
            return (at, mark);
        }
    }

    /// Reads an open escape, and those right behind half a surrogate pair, into the scratch.
    #[inline(never)]
    fn read_escapes(
        &mut self,
        piece: &str,
        mut at: usize,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<usize, Error> {
        while self.escape.is_open()
            && let Some(&byte) = piece.as_bytes().get(at)
        {
            match self.unescape(byte, at) {
                Ok(consumed) => at += usize::from(consumed),
                Err(error) => {
                    self.hand_on("", sink);
                    return Err(error);
                }
            }
        }
        if self.scratch.len() >= SCRATCH_BYTES {
            self.hand_on("", sink);
        }
        Ok(at)
    }

    /// Shows the open escape a byte; gives whether it was consumed.
    fn unescape(&mut self, byte: u8, at: usize) -> Result<bool, Error> {
        match self.escape.read(byte) {
            Outcome::More => Ok(true),
            Outcome::Char(char) => {
                self.scratch.push(char);
                Ok(true)
            }
            Outcome::Lone { consumed } if self.is_lenient() => {
                self.scratch.push(char::REPLACEMENT_CHARACTER);
                Ok(consumed)
            }
            Outcome::Lone { .. } => Err(self.error(ErrorKind::LoneSurrogate, at)),
            Outcome::Invalid if self.is_lenient() => {
                Ok(self.escape.give_up(byte, &mut self.scratch))
            }
            Outcome::Invalid => Err(self.error(ErrorKind::InvalidEscape, at)),
        }
    }

    /// Reports the scratch and, behind it, `text`.
    #[inline]
    fn hand_on(&mut self, text: &str, sink: &mut impl FnMut(Event<'_>)) {
        let path = self.pointer.as_str();
        if self.scratch.is_empty() {
            if !text.is_empty() {
                sink(Event::Text { path, text });
            }
        } else {
            self.scratch.push_str(text);
            sink(Event::Text { path, text: &self.scratch });
            self.scratch.clear();
        }
    }
}
