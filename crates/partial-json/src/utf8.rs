/// The beginning of a character whose other bytes have yet to come.
#[derive(Debug, Default)]
pub(crate) struct Partial {
    bytes: [u8; 4],
    length: usize,
}

/// What a byte makes of a partial character.
pub(crate) enum Joined {
    More,
    Char(char),
    Invalid,
}

impl Partial {
    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Keeps the bytes that `std::str::from_utf8` called an unexpected end: three at most.
    pub(crate) fn keep(&mut self, bytes: &[u8]) {
        let length = bytes.len().min(self.bytes.len());
        self.bytes[..length].copy_from_slice(&bytes[..length]);
        self.length = length;
    }

    pub(crate) fn join(&mut self, byte: u8) -> Joined {
        let Some(place) = self.bytes.get_mut(self.length) else {
            return Joined::Invalid;
        };
        *place = byte;
        self.length += 1;
        match std::str::from_utf8(&self.bytes[..self.length]) {
            Ok(text) => {
                self.length = 0;
                text.chars().next().map_or(Joined::Invalid, Joined::Char)
            }
            Err(error) if error.error_len().is_none() => Joined::More,
            Err(_) => Joined::Invalid,
        }
    }
}
