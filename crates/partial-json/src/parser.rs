use crate::document::Document;
use crate::prologue::Prologue;
use crate::utf8::{Joined, Partial};
use crate::{Error, ErrorKind, Event, Options, Surroundings};

/// Reads one JSON document as it arrives.
///
/// Pieces may end anywhere, even within an escape or, as bytes, within a character. "Not yet" is
/// no error; after an error every call gives the same error again.
#[derive(Debug)]
pub struct Parser {
    max_bytes: u64,
    tolerant: bool,
    /// What comes before the document; `None` once the document has begun.
    prologue: Option<Prologue>,
    document: Document,
    partial: Partial,
    /// Bytes read so far.
    offset: u64,
    failure: Option<Error>,
}

impl Parser {
    /// A parser at the beginning of its input.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let tolerant = options.surroundings == Surroundings::Tolerant;
        Self {
            max_bytes: options.max_bytes,
            tolerant,
            prologue: tolerant.then(|| Prologue::new(options.max_key_bytes)),
            document: Document::new(options),
            partial: Partial::default(),
            offset: 0,
            failure: None,
        }
    }

    /// Takes the next piece and reports to `sink` what is certain now.
    ///
    /// # Errors
    /// When the input so far cannot be the beginning of a document, or passes a limit.
    #[inline]
    pub fn feed(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Result<(), Error> {
        self.check()?;
        let result = if self.partial.is_empty() || piece.is_empty() {
            self.read(piece, sink)
        } else {
            Err(ErrorKind::InvalidUtf8.at(self.offset))
        };
        self.remember(result)
    }

    /// As [`feed`](Self::feed), for pieces that may end within a character.
    ///
    /// # Errors
    /// As [`feed`](Self::feed), and when the bytes are not UTF-8.
    pub fn feed_bytes(
        &mut self,
        piece: &[u8],
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        self.check()?;
        let result = self.read_bytes(piece, sink);
        self.remember(result)
    }

    /// Ends the input.
    ///
    /// # Errors
    /// [`NoDocument`](ErrorKind::NoDocument) when none has begun,
    /// [`UnexpectedEnd`](ErrorKind::UnexpectedEnd) when it has not ended.
    pub fn finish(&mut self, sink: &mut impl FnMut(Event<'_>)) -> Result<(), Error> {
        self.check()?;
        let result = self.end(sink);
        self.remember(result)
    }

    /// Whether the document has ended. A number at the root ends with what follows it, or with
    /// [`finish`](Self::finish).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.document.is_complete()
    }

    #[inline]
    fn check(&self) -> Result<(), Error> {
        self.failure.map_or(Ok(()), Err)
    }

    #[inline]
    fn remember(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        if result.is_err() {
            self.failure = result.err();
        }
        result
    }

    /// Whether whatever comes is ignored.
    #[inline]
    fn is_deaf(&self) -> bool {
        self.tolerant && self.document.is_complete()
    }

    fn read_bytes(
        &mut self,
        mut piece: &[u8],
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        if self.is_deaf() {
            return Ok(());
        }
        while !self.partial.is_empty()
            && let Some((&byte, rest)) = piece.split_first()
        {
            piece = rest;
            match self.partial.join(byte) {
                Joined::More => {}
                Joined::Char(char) => self.read(char.encode_utf8(&mut [0; 4]), sink)?,
                Joined::Invalid => return Err(ErrorKind::InvalidUtf8.at(self.offset)),
            }
        }
        let error = match std::str::from_utf8(piece) {
            Ok(text) => return self.read(text, sink),
            Err(error) => error,
        };
        let (valid, rest) = piece.split_at(error.valid_up_to());
        // Valid, so the error says.
        self.read(std::str::from_utf8(valid).unwrap_or_default(), sink)?;
        if self.is_deaf() {
            return Ok(());
        }
        if error.error_len().is_some() {
            return Err(ErrorKind::InvalidUtf8.at(self.offset));
        }
        self.partial.keep(rest);
        Ok(())
    }

    /// Reads text as far as the limit goes.
    #[inline]
    fn read(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Result<(), Error> {
        let room = self.max_bytes.saturating_sub(self.offset);
        if piece.len() as u64 <= room {
            return self.advance(piece, sink);
        }
        // Below the length of a piece, so it fits.
        self.advance(&piece[..piece.floor_char_boundary(room as usize)], sink)?;
        if self.is_deaf() { Ok(()) } else { Err(ErrorKind::TooLarge.at(self.max_bytes)) }
    }

    #[inline]
    fn advance(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Result<(), Error> {
        let offset = self.offset;
        self.offset += piece.len() as u64;
        let begin = match &mut self.prologue {
            None => 0,
            Some(prologue) => match prologue.read(piece, sink) {
                None => return Ok(()),
                Some(at) => {
                    let beginning = prologue.take_beginning();
                    self.begin(&beginning, offset + at as u64, sink)?;
                    at
                }
            },
        };
        let end = begin + self.document.read(&piece[begin..], offset + begin as u64, sink)?;
        if end == piece.len() || self.tolerant {
            return Ok(());
        }
        refuse_trailing(&piece[end..], offset + end as u64)
    }

    /// Begins the document with text that the prologue kept, and that ends at `offset`.
    fn begin(
        &mut self,
        beginning: &str,
        offset: u64,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        self.prologue = None;
        self.document.read(beginning, offset - beginning.len() as u64, sink).map(drop)
    }

    fn end(&mut self, sink: &mut impl FnMut(Event<'_>)) -> Result<(), Error> {
        let offset = self.offset;
        if let Some(prologue) = &mut self.prologue {
            let beginning = prologue.finish(sink).ok_or(ErrorKind::NoDocument.at(offset))?;
            self.begin(&beginning, offset, sink)?;
        }
        // Half a character behind a number is no reason to report the number.
        let broken = !self.partial.is_empty() && !self.tolerant;
        let result =
            if broken { self.document.finish(&mut |_| {}) } else { self.document.finish(sink) };
        match result {
            Ok(()) | Err(ErrorKind::NoDocument) if broken => Err(ErrorKind::InvalidUtf8.at(offset)),
            result => result.map_err(|kind| kind.at(offset)),
        }
    }
}

#[cold]
fn refuse_trailing(rest: &str, offset: u64) -> Result<(), Error> {
    match rest.bytes().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
        Some(at) => Err(ErrorKind::TrailingData.at(offset + at as u64)),
        None => Ok(()),
    }
}
