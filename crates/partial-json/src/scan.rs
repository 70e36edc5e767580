//! Finds what must be looked at in a string: `"`, `\` and control characters.

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// How many bytes there are before the first quote, backslash or control character.
///
/// Eight at a time, the last eight overlapping those before; the pieces of a model's answer are
/// mostly shorter, so those take no loop either.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    let Some(last) = bytes.last_chunk::<8>() else { return plain_in_few(bytes) };
    let mut at = 0;
    for block in bytes.as_chunks::<8>().0 {
        let marks = marks(u64::from_le_bytes(*block));
        if marks != 0 {
            return at + first(marks);
        }
        at += 8;
    }
    let marks = marks(u64::from_le_bytes(*last));
    if marks == 0 { bytes.len() } else { bytes.len() - 8 + first(marks) }
}

/// As [`plain`], for less than eight bytes.
#[inline]
fn plain_in_few(bytes: &[u8]) -> usize {
    let length = bytes.len();
    let word = if let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>())
    {
        u64::from(u32::from_le_bytes(*head)) | place(u32::from_le_bytes(*tail), length - 4)
    } else if let (Some(head), Some(tail)) = (bytes.first(), bytes.last()) {
        u64::from(*head) | place(bytes[length / 2], length / 2) | place(*tail, length - 1)
    } else {
        return 0;
    };
    // What is behind the end must not look like a control character.
    let marks = marks(word | u64::MAX << (8 * length));
    if marks == 0 { length } else { first(marks) }
}

/// A word with `part` so many bytes from its beginning.
#[inline]
fn place(part: impl Into<u64>, bytes: usize) -> u64 {
    part.into() << (8 * bytes)
}

#[inline]
const fn first(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// The high bit of each byte that must be looked at; above the lowest one there may be false ones,
/// since a subtraction borrows from its neighbour.
#[inline]
const fn marks(word: u64) -> u64 {
    let quote = (word ^ each(b'"')).wrapping_sub(each(1)) & !(word ^ each(b'"'));
    let backslash = (word ^ each(b'\\')).wrapping_sub(each(1)) & !(word ^ each(b'\\'));
    let control = word.wrapping_sub(each(b' ')) & !word;
    (quote | backslash | control) & each(0x80)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn agrees_with_looking_at_each_byte() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=255_u8 {
                    let mut bytes = vec![0xe4; length];
                    bytes[at] = byte;
                    let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                    assert_eq!(plain(&bytes), if special { at } else { length }, "{byte} at {at}");
                }
            }
        }
    }
}
