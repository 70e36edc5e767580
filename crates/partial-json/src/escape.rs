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
        digits: [u8; 4],
        read: u8,
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
                self.step = Step::Hex { digits: [0; 4], read: 0 };
                Outcome::More
            }
            (Step::Hex { digits, read }, _) => self.read_hex(digits, read, byte),
            _ if self.high.take().is_some() => Outcome::Lone { consumed: false },
            (_, byte) => match short(byte) {
                Some(char) => self.close(char),
                None => Outcome::Invalid,
            },
        }
    }

    fn read_hex(&mut self, mut digits: [u8; 4], read: u8, byte: u8) -> Outcome {
        if !byte.is_ascii_hexdigit() {
            return Outcome::Invalid;
        }
        digits[usize::from(read)] = byte;
        if read < 3 {
            self.step = Step::Hex { digits, read: read + 1 };
            return Outcome::More;
        }
        let unit = unit(digits);
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

    /// Takes an escape that has proved to be none for the text that it stands for, as
    /// [`Lenient`](crate::Grammar::Lenient) says; gives whether `byte`, which proved it, belongs to
    /// that.
    pub(crate) fn give_up(&mut self, byte: u8, text: &mut String) -> bool {
        let Self { step, high } = std::mem::take(self);
        text.extend(high.map(|_| char::REPLACEMENT_CHARACTER));
        match step {
            Step::Backslash if byte.is_ascii_punctuation() || byte == b'\n' => {
                text.push(char::from(byte));
                true
            }
            Step::Backslash => {
                text.push('\\');
                false
            }
            Step::Hex { digits, read } => {
                text.push_str("\\u");
                text.extend(digits.iter().take(usize::from(read)).copied().map(char::from));
                false
            }
            Step::None => false,
        }
    }

    fn close(&mut self, char: char) -> Outcome {
        *self = Self::default();
        Outcome::Char(char)
    }
}

/// What four hexadecimal digits stand for.
fn unit(digits: [u8; 4]) -> u16 {
    // A digit is below 16, and four of them fit.
    digits.iter().fold(0, |unit, digit| {
        unit << 4 | char::from(*digit).to_digit(16).unwrap_or_default() as u16
    })
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
