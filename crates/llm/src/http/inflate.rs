use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::{Error, ErrorKind};

/// What a gzip stream begins with (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Takes the compression away that some proxies add without being asked. gzip is told by its first
/// bytes, since its header is not always there.
pub(super) enum Inflate {
    /// Not a byte has come; what the header says.
    Unknown {
        is_deflate: bool,
    },
    Plain,
    Gzip(MultiGzDecoder<Vec<u8>>),
    Zlib(ZlibDecoder<Vec<u8>>),
    Deflate(DeflateDecoder<Vec<u8>>),
}

impl Inflate {
    pub(super) fn new(encoding: &[u8]) -> Self {
        Self::Unknown { is_deflate: encoding.eq_ignore_ascii_case(b"deflate") }
    }

    /// What there is of the text once these bytes are read.
    pub(super) fn read(&mut self, bytes: Bytes) -> Result<Bytes, Error> {
        if let Self::Unknown { is_deflate } = self
            && let Some(first) = bytes.first()
        {
            // A text begins with neither of gzip's bytes. By RFC 9110 `deflate` is zlib's format,
            // whose first byte is this for all usual windows; some send it without.
            *self = match (first, *is_deflate) {
                (first, _) if *first == GZIP[0] => Self::Gzip(MultiGzDecoder::new(Vec::new())),
                (0x78, true) => Self::Zlib(ZlibDecoder::new(Vec::new())),
                (_, true) => Self::Deflate(DeflateDecoder::new(Vec::new())),
                _ => Self::Plain,
            };
        }
        let text = match self {
            Self::Unknown { .. } | Self::Plain => return Ok(bytes),
            Self::Gzip(decoder) => write(decoder, &bytes).map(|()| take(decoder.get_mut())),
            Self::Zlib(decoder) => write(decoder, &bytes).map(|()| take(decoder.get_mut())),
            Self::Deflate(decoder) => write(decoder, &bytes).map(|()| take(decoder.get_mut())),
        };
        text.map_err(|_| broken())
    }

    /// The rest of the text.
    pub(super) fn end(&mut self) -> Result<Bytes, Error> {
        let end = match self {
            Self::Unknown { .. } | Self::Plain => return Ok(Bytes::new()),
            Self::Gzip(decoder) => decoder.try_finish().map(|()| take(decoder.get_mut())),
            Self::Zlib(decoder) => decoder.try_finish().map(|()| take(decoder.get_mut())),
            Self::Deflate(decoder) => decoder.try_finish().map(|()| take(decoder.get_mut())),
        };
        end.map_err(|_| broken())
    }
}

fn write(decoder: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    decoder.write_all(bytes)?;
    // What is known is wanted at once, as of a text that is still being written.
    decoder.flush()
}

fn take(text: &mut Vec<u8>) -> Bytes {
    std::mem::take(text).into()
}

fn broken() -> Error {
    Error::new(ErrorKind::Broken, "the answer's compression is damaged")
}
