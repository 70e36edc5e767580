/// An escape sequence that has begun (RFC 8259, section 7), or the half of a surrogate pair that
/// waits for the other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Escape {
    step: Step,
    high: Option<u16>,
}

#[derive(Debug, Clone, Copy, Default)]
enum Step {
    #[default]
    None,
    Backslash,
    Hex {
        value: u16,
        missing: u8,
    },
}

/// What a byte is to an escape.
pub(crate) enum Outcome {
    More,
    Char(char),
    /// Half a surrogate pair stays alone; `consumed` is false when the byte is yet to be read.
    Lone {
        consumed: bool,
    },
    Invalid,
}

impl Escape {
    #[inline]
    pub(crate) fn is_open(self) -> bool {
        self.high.is_some() || !matches!(self.step, Step::None)
    }

    /// A backslash was read.
    pub(crate) fn open(&mut self) {
        self.step = Step::Backslash;
    }

    /// Takes the next byte of an open escape.
    pub(crate) fn read(&mut self, byte: u8) -> Outcome {
        match (self.step, byte) {
            (Step::None, b'\\') => {
                self.step = Step::Backslash;
                Outcome::More
            }
            (Step::Backslash, b'u') => {
                self.step = Step::Hex { value: 0, missing: 4 };
                Outcome::More
            }
            (Step::Hex { value, missing }, _) => self.read_hex(value, missing, byte),
            _ if self.high.take().is_some() => Outcome::Lone { consumed: false },
            (_, byte) => match short(byte) {
                Some(char) => self.close(char),
                None => Outcome::Invalid,
            },
        }
    }

    fn read_hex(&mut self, value: u16, missing: u8, byte: u8) -> Outcome {
        let Some(digit) = char::from(byte).to_digit(16) else {
            return Outcome::Invalid;
        };
        // A digit is below 16, and four of them fit.
        let unit = value << 4 | digit as u16;
        if missing > 1 {
            self.step = Step::Hex { value: unit, missing: missing - 1 };
            return Outcome::More;
        }
        match (self.high, unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let scalar = 0x10000 + (u32::from(high & 0x3ff) << 10) + u32::from(unit & 0x3ff);
                self.close(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            // The digit is read again, without the half that stayed alone.
            (Some(_), _) => {
                self.high = None;
                Outcome::Lone { consumed: false }
            }
            (None, 0xd800..=0xdbff) => {
                *self = Self { step: Step::None, high: Some(unit) };
                Outcome::More
            }
            (None, _) => match char::from_u32(u32::from(unit)) {
                Some(char) => self.close(char),
                None => {
                    *self = Self::default();
                    Outcome::Lone { consumed: true }
                }
            },
        }
    }

    fn close(&mut self, char: char) -> Outcome {
        *self = Self::default();
        Outcome::Char(char)
    }
}

fn short(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' | b'\\' | b'/' => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}
