use bytes::Bytes;

use crate::Batch;

/// First bytes of a segment.
pub(super) const MAGIC: &[u8; 8] = b"Unspjnl3";

/// Those of the version before: its entries are batches, and have no kind.
const MAGIC_WITHOUT_KINDS: &[u8; 8] = b"Unspjrn2";

/// An entry's head: length of its body (8 bytes), the body's CRC-32 (4 bytes), the CRC-32 of these
/// two (4 bytes). All numbers are little-endian.
const HEAD: usize = 16;

/// What of the head its own sum is of.
const SUMMED: usize = 12;

/// A batch's body, after the kind: length of the generation's id, first and last event (8 bytes
/// each). Then come the id and the frames.
const NUMBERS: usize = 24;

/// An entry's kind is the first byte of its body.
const BATCH: u8 = 1;

/// After it comes the generation's id.
const DELETION: u8 = 2;

/// What a segment says of a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    /// Its log goes on.
    Batch(&'a str, Batch),
    /// Someone asked to delete it: the database need not have it any more.
    Deletion(&'a str),
}

/// Encodes a batch of one generation's log.
pub(super) fn encode_batch(id: &str, batch: &Batch, out: &mut Vec<u8>) {
    let start = begin(BATCH, out);
    for number in [id.len() as u64, batch.first, batch.last] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(&batch.frames);
    finish(start, out);
}

/// Encodes that a generation is to be deleted.
pub(super) fn encode_deletion(id: &str, out: &mut Vec<u8>) {
    let start = begin(DELETION, out);
    out.extend_from_slice(id.as_bytes());
    finish(start, out);
}

/// Leaves room for an entry's head, and says where.
fn begin(kind: u8, out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    out.push(kind);
    start
}

fn finish(start: usize, out: &mut [u8]) {
    let body = &out[start + HEAD..];
    let (length, sum) = (body.len() as u64, crc32fast::hash(body));
    let head = &mut out[start..start + HEAD];
    head[..8].copy_from_slice(&length.to_le_bytes());
    head[8..SUMMED].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(&head[..SUMMED]);
    head[SUMMED..].copy_from_slice(&sum.to_le_bytes());
}

/// Reads a segment entry by entry, up to the first that is not whole.
pub(crate) struct Entries<'a> {
    rest: &'a [u8],
    have_kinds: bool,
    is_damaged: bool,
}

impl<'a> Entries<'a> {
    pub(crate) fn new(segment: &'a [u8]) -> Self {
        for (magic, have_kinds) in [(MAGIC, true), (MAGIC_WITHOUT_KINDS, false)] {
            if let Some(rest) = segment.strip_prefix(magic) {
                return Self { rest, have_kinds, is_damaged: false };
            }
        }
        // It may have been killed before it had its first bytes.
        let is_begun = MAGIC.starts_with(segment) || MAGIC_WITHOUT_KINDS.starts_with(segment);
        Self { rest: &[], have_kinds: true, is_damaged: !is_begun }
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
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let body = self.body()?;
        let entry = if self.have_kinds { read(body) } else { read_batch(body) };
        match &entry {
            Some(_) => self.rest = &self.rest[HEAD + body.len()..],
            None => self.is_damaged = true,
        }
        entry
    }
}

fn read(body: &[u8]) -> Option<Entry<'_>> {
    match body.split_first()? {
        (&BATCH, rest) => read_batch(rest),
        (&DELETION, id) => Some(Entry::Deletion(std::str::from_utf8(id).ok()?)),
        _ => None,
    }
}

fn read_batch(body: &[u8]) -> Option<Entry<'_>> {
    let id_end = NUMBERS.checked_add(usize::try_from(number(body, 0)?).ok()?)?;
    let (first, last) = (number(body, 8)?, number(body, 16)?);
    let id = std::str::from_utf8(body.get(NUMBERS..id_end)?).ok()?;
    let frames = Bytes::copy_from_slice(body.get(id_end..)?);
    Some(Entry::Batch(id, Batch { first, last, frames }))
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

    fn batch<'a>(id: &'a str, first: u64, text: &str) -> Entry<'a> {
        Entry::Batch(id, Batch { first, last: first, frames: Bytes::from(text.to_owned()) })
    }

    fn segment(entries: &[Entry<'_>]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for entry in entries {
            match entry {
                Entry::Batch(id, batch) => encode_batch(id, batch, &mut bytes),
                Entry::Deletion(id) => encode_deletion(id, &mut bytes),
            }
        }
        bytes
    }

    #[test]
    fn a_segment_cut_anywhere_gives_the_whole_entries_before_the_cut() {
        let written = [
            batch("a", 2, "x"),
            batch("bcd", 7, ""),
            Entry::Deletion("a"),
            batch("é", 3, "新\n\n"),
        ];
        let whole = segment(&written);
        for cut in 0..=whole.len() {
            let mut entries = Entries::new(&whole[..cut]);
            let read: Vec<_> = entries.by_ref().collect();
            let fit = (0..=4).rev().find(|n| segment(&written[..*n]).len() <= cut).unwrap_or(0);
            assert_eq!(read, written[..fit], "cut at {cut}");
            assert!(!entries.is_damaged(), "cut at {cut}");
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed_wherever_it_is() {
        let written = [batch("a", 2, "x"), Entry::Deletion("b"), batch("b", 7, "y")];
        let whole = segment(&written);
        let ends = [1, 2, 3].map(|n| segment(&written[..n]).len());
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let before = ends.iter().filter(|end| **end <= bit / 8).count();
            let mut entries = Entries::new(&damaged);
            assert_eq!(entries.by_ref().collect::<Vec<_>>(), written[..before], "bit {bit}");
            assert!(entries.is_damaged(), "bit {bit}");
        }
    }

    #[test]
    fn a_segment_of_the_version_before_is_read() {
        let mut older = MAGIC_WITHOUT_KINDS.to_vec();
        let frames = "id: 2\nevent: reasoning\ndata: {}\n\n";
        for (id, first) in [("a", 2u64), ("bcd", 7)] {
            let start = older.len();
            older.extend_from_slice(&[0; HEAD]);
            for number in [id.len() as u64, first, first] {
                older.extend_from_slice(&number.to_le_bytes());
            }
            older.extend_from_slice(id.as_bytes());
            older.extend_from_slice(frames.as_bytes());
            finish(start, &mut older);
        }
        let mut entries = Entries::new(&older);
        let read: Vec<_> = entries.by_ref().collect();
        assert_eq!(read, [batch("a", 2, frames), batch("bcd", 7, frames)]);
        assert!(!entries.is_damaged());
    }
}
