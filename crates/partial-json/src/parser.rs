use crate::document::Document;
use crate::epilogue::Epilogue;
use crate::prologue::Prologue;
use crate::utf8::{Joined, Partial};
use crate::{Error, ErrorKind, Event, Framing, Grammar, Options};

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
    /// What comes behind the document.
    epilogue: Epilogue,
    max_key_bytes: usize,
    is_lenient: bool,
    partial: Partial,
    /// Bytes read so far.
    offset: u64,
    failure: Option<Error>,
}

impl Parser {
    /// A parser at the beginning of its input.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let tolerant = options.framing == Framing::Tolerant;
        let is_lenient = options.grammar == Grammar::Lenient;
        Self {
            max_bytes: options.max_bytes,
            tolerant,
            is_lenient,
            prologue: tolerant.then(|| Prologue::new(options.max_key_bytes, is_lenient)),
            max_key_bytes: options.max_key_bytes,
            document: Document::new(options),
            epilogue: Epilogue::default(),
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
            self.read_text(piece, sink)
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

    /// How many bytes of letters and digits stand behind the document, where they are ignored
    /// ([`Framing::Tolerant`]).
    #[must_use]
    pub fn word_bytes_behind(&self) -> u64 {
        self.epilogue.word_bytes()
    }

    /// Whether the document has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.prologue.is_none() && self.document.has_begun()
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

    /// Whether what comes stands behind the document, where anything may stand.
    #[inline]
    fn is_behind(&self) -> bool {
        self.tolerant && self.document.is_complete()
    }

    /// Looks at what stands behind the document; gives where the document begins anew, if it does.
    #[cold]
    fn read_behind(&mut self, piece: &[u8], sink: &mut impl FnMut(Event<'_>)) -> Option<usize> {
        let end = self.epilogue.read(piece);
        self.offset += end.unwrap_or(piece.len()) as u64;
        if end.is_some() {
            self.epilogue = Epilogue::default();
            self.document.reset();
            self.prologue = Some(Prologue::new(self.max_key_bytes, self.is_lenient));
            sink(Event::Discarded);
        }
        end
    }

    #[inline]
    fn read_text(
        &mut self,
        mut piece: &str,
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        while !piece.is_empty() {
            if self.is_behind() {
                let Some(begin) = self.read_behind(piece.as_bytes(), sink) else { break };
                piece = &piece[begin..];
            }
            let read = self.read(piece, sink)?;
            piece = &piece[read..];
        }
        Ok(())
    }

    fn read_bytes(
        &mut self,
        mut piece: &[u8],
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<(), Error> {
        while !piece.is_empty() {
            if self.is_behind() {
                let Some(begin) = self.read_behind(piece, sink) else { break };
                piece = &piece[begin..];
            } else if self.partial.is_empty() {
                piece = self.read_whole_chars(piece, sink)?;
            } else {
                piece = self.join(piece, sink)?;
            }
        }
        Ok(())
    }

    /// Adds a byte to the character that the last piece ended in; gives the rest.
    fn join<'a>(
        &mut self,
        piece: &'a [u8],
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<&'a [u8], Error> {
        let Some((&byte, rest)) = piece.split_first() else { return Ok(piece) };
        match self.partial.join(byte) {
            Joined::More => {}
            Joined::Char(char) => self.read_text(char.encode_utf8(&mut [0; 4]), sink)?,
            Joined::Invalid => return Err(ErrorKind::InvalidUtf8.at(self.offset)),
        }
        Ok(rest)
    }

    /// Reads the characters that are whole, and keeps the beginning of one that is not; gives what
    /// stands behind the document.
    fn read_whole_chars<'a>(
        &mut self,
        piece: &'a [u8],
        sink: &mut impl FnMut(Event<'_>),
    ) -> Result<&'a [u8], Error> {
        let (text, error) = match std::str::from_utf8(piece) {
            Ok(text) => (text, None),
            // Valid, so the error says.
            Err(error) => {
                let valid = std::str::from_utf8(&piece[..error.valid_up_to()]);
                (valid.unwrap_or_default(), Some(error))
            }
        };
        let read = self.read(text, sink)?;
        let rest = &piece[read..];
        if self.is_behind() || read < text.len() {
            return Ok(rest);
        }
        match error {
            None => Ok(rest),
            Some(error) if error.error_len().is_some() => {
                Err(ErrorKind::InvalidUtf8.at(self.offset))
            }
            Some(_) => {
                self.partial.keep(rest);
                Ok(&[])
            }
        }
    }

    /// Reads text as far as the document and the limit go; gives how far that was.
    #[inline]
    fn read(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Result<usize, Error> {
        let room = self.max_bytes.saturating_sub(self.offset);
        if piece.len() as u64 <= room {
            return self.advance(piece, sink);
        }
        // Below the length of a piece, so it fits.
        let read = self.advance(&piece[..piece.floor_char_boundary(room as usize)], sink)?;
        if self.is_behind() { Ok(read) } else { Err(ErrorKind::TooLarge.at(self.max_bytes)) }
    }

    #[inline]
    fn advance(&mut self, piece: &str, sink: &mut impl FnMut(Event<'_>)) -> Result<usize, Error> {
        let offset = self.offset;
        let begin = match &mut self.prologue {
            None => 0,
            Some(prologue) => match prologue.read(piece, sink) {
                None => {
                    self.offset += piece.len() as u64;
                    return Ok(piece.len());
                }
                Some(at) => {
                    let beginning = prologue.take_beginning();
                    self.begin(&beginning, offset + at as u64, sink)?;
                    at
                }
            },
        };
        let end = begin + self.document.read(&piece[begin..], offset + begin as u64, sink)?;
        if end == piece.len() || self.tolerant {
            self.offset += end as u64;
            return Ok(end);
        }
        self.offset += piece.len() as u64;
        refuse_trailing(&piece[end..], offset + end as u64).map(|()| piece.len())
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
