use bytes::Bytes;

use crate::Batch;

/// First bytes of a segment.
pub(super) const MAGIC: &[u8; 8] = b"Unspjrn2";

/// An entry's head: length of its body (8 bytes), the body's CRC-32 (4 bytes), the CRC-32 of these
/// two (4 bytes). All numbers are little-endian.
const HEAD: usize = 16;

/// What of the head its own sum is of.
const SUMMED: usize = 12;

/// A body's head: length of the generation's id, first and last event (8 bytes each). Then come
/// the id and the frames.
const NUMBERS: usize = 24;

/// Encodes a batch of one generation's log.
pub(super) fn encode(id: &str, batch: &Batch, out: &mut Vec<u8>) {
    let head = out.len();
    out.extend_from_slice(&[0; HEAD]);
    for number in [id.len() as u64, batch.first, batch.last] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(&batch.frames);
    let body = &out[head + HEAD..];
    let (length, sum) = (body.len() as u64, crc32fast::hash(body));
    let head = &mut out[head..head + HEAD];
    head[..8].copy_from_slice(&length.to_le_bytes());
    head[8..SUMMED].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(&head[..SUMMED]);
    head[SUMMED..].copy_from_slice(&sum.to_le_bytes());
}

/// Reads a segment entry by entry, up to the first that is not whole.
pub(crate) struct Entries<'a> {
    rest: &'a [u8],
    is_damaged: bool,
}

impl<'a> Entries<'a> {
    pub(crate) fn new(segment: &'a [u8]) -> Self {
        match segment.strip_prefix(MAGIC) {
            Some(rest) => Self { rest, is_damaged: false },
            // It may have been killed before it had its first bytes.
            None => Self { rest: &[], is_damaged: !MAGIC.starts_with(segment) },
        }
    }

    /// Whether what was not read is damaged, and not just the last entry cut short.
    pub(crate) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// The next entry's body, when it is all there. None, too, when it is damaged.
    fn body(&mut self) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(HEAD)?;
        if sum(head, SUMMED)? != crc32fast::hash(&head[..SUMMED]) {
            self.is_damaged = true;
            return None;
        }
        let body = rest.get(..usize::try_from(number(head, 0)?).ok()?)?;
        self.is_damaged = sum(head, 8)? != crc32fast::hash(body);
        (!self.is_damaged).then_some(body)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Batch);

    fn next(&mut self) -> Option<Self::Item> {
        let body = self.body()?;
        let entry = read(body);
        match &entry {
            Some(_) => self.rest = &self.rest[HEAD + body.len()..],
            None => self.is_damaged = true,
        }
        entry
    }
}

fn read(body: &[u8]) -> Option<(&str, Batch)> {
    let id_end = NUMBERS.checked_add(usize::try_from(number(body, 0)?).ok()?)?;
    let (first, last) = (number(body, 8)?, number(body, 16)?);
    let id = std::str::from_utf8(body.get(NUMBERS..id_end)?).ok()?;
    let frames = Bytes::copy_from_slice(body.get(id_end..)?);
    Some((id, Batch { first, last, frames }))
}

fn sum(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(first: u64, text: &str) -> Batch {
        Batch { first, last: first, frames: Bytes::from(text.to_owned()) }
    }

    fn segment(batches: &[(&str, Batch)]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for (id, batch) in batches {
            encode(id, batch, &mut bytes);
        }
        bytes
    }

    #[test]
    fn a_segment_cut_anywhere_gives_the_whole_entries_before_the_cut() {
        let batches = [("a", batch(2, "x")), ("bcd", batch(7, "")), ("é", batch(3, "新\n\n"))];
        let whole = segment(&batches);
        for cut in 0..=whole.len() {
            let mut entries = Entries::new(&whole[..cut]);
            let read: Vec<_> = entries.by_ref().collect();
            let fit = (0..=3).rev().find(|n| segment(&batches[..*n]).len() <= cut).unwrap_or(0);
            assert_eq!(read, batches[..fit], "cut at {cut}");
            assert!(!entries.is_damaged(), "cut at {cut}");
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed_wherever_it_is() {
        let batches = [("a", batch(2, "x")), ("b", batch(7, "y"))];
        let whole = segment(&batches);
        let first_entry = segment(&batches[..1]).len();
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let before = usize::from(bit / 8 >= first_entry);
            let mut entries = Entries::new(&damaged);
            assert_eq!(entries.by_ref().collect::<Vec<_>>(), batches[..before], "bit {bit}");
            assert!(entries.is_damaged(), "bit {bit}");
        }
    }
}
