use bytes::Bytes;

use crate::Batch;

/// First bytes of a segment.
pub(super) const MAGIC: &[u8; 8] = b"Unspjrn1";

/// An entry's head: length of its body (8 bytes), the body's CRC-32 (4 bytes). All numbers are
/// little-endian.
const HEAD: usize = 12;

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
    out[head..head + 8].copy_from_slice(&length.to_le_bytes());
    out[head + 8..head + HEAD].copy_from_slice(&sum.to_le_bytes());
}

/// Reads a segment entry by entry, up to the first that is not whole.
pub(crate) struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Entries<'a> {
    pub(crate) fn new(segment: &'a [u8]) -> Self {
        // A segment may have been killed before it had its first bytes.
        Self { rest: segment.strip_prefix(MAGIC).unwrap_or_default() }
    }

    /// Whether what was not read is damaged, and not just the last entry cut short.
    pub(crate) fn is_damaged(&self) -> bool {
        self.body().is_some()
    }

    /// The next entry's sum and body, when there is as much as its head says.
    fn body(&self) -> Option<(u32, &'a [u8])> {
        let length = usize::try_from(number(self.rest, 0)?).ok()?;
        let sum = u32::from_le_bytes(self.rest.get(8..HEAD)?.try_into().ok()?);
        Some((sum, self.rest.get(HEAD..HEAD.checked_add(length)?)?))
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Batch);

    fn next(&mut self) -> Option<Self::Item> {
        let (sum, body) = self.body()?;
        if sum != crc32fast::hash(body) {
            return None;
        }
        let id_end = NUMBERS.checked_add(usize::try_from(number(body, 0)?).ok()?)?;
        let (first, last) = (number(body, 8)?, number(body, 16)?);
        let id = std::str::from_utf8(body.get(NUMBERS..id_end)?).ok()?;
        let frames = Bytes::copy_from_slice(body.get(id_end..)?);
        self.rest = &self.rest[HEAD + body.len()..];
        Some((id, Batch { first, last, frames }))
    }
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
    fn a_flipped_bit_is_noticed() {
        let batches = [("a", batch(2, "x")), ("b", batch(7, "y"))];
        let whole = segment(&batches);
        let first_entry = segment(&batches[..1]).len();
        for at in first_entry + HEAD..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            let mut entries = Entries::new(&damaged);
            assert_eq!(entries.by_ref().collect::<Vec<_>>(), batches[..1], "bit at {at}");
            assert!(entries.is_damaged(), "bit at {at}");
        }
    }
}
