use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::{io, mem};

use bytes::Bytes;
use tokio::task::spawn_blocking;

use crate::Batch;

/// First bytes of a segment.
const MAGIC: &[u8; 8] = b"Unspjrn1";

/// A record's head: length of its body (8 bytes), the body's CRC-32 (4 bytes). All numbers are
/// little-endian.
const HEAD: usize = 12;

/// A body's head: length of the generation's id, first and last event (8 bytes each). Then come
/// the id and the frames.
const NUMBERS: usize = 24;

/// What running generations add to their logs, in the order of arrival: a file that only grows at
/// its end, so that one write serves all who wait. From time to time a new segment begins, and
/// what the older ones hold moves into the database.
pub(crate) struct Journal {
    segments: Segments,
    number: u64,
    file: Arc<File>,
    len: u64,
    /// What is to be written next.
    records: Vec<u8>,
}

impl Journal {
    /// Begins a segment after all that are there.
    pub(crate) fn begin(segments: &Segments) -> io::Result<Self> {
        let number = segments.numbers()?.last().map_or(1, |last| last + 1);
        let file = Arc::new(segments.create(number)?);
        let len = MAGIC.len() as u64;
        Ok(Self { segments: segments.clone(), number, file, len, records: Vec::new() })
    }

    /// Adds a batch of one generation's log to what is written next.
    pub(crate) fn add(&mut self, id: &str, batch: &Batch) {
        encode(id, batch, &mut self.records);
    }

    /// Writes what was added: all of it or, on an error, none.
    pub(crate) async fn write(&mut self) -> io::Result<()> {
        let (file, at) = (Arc::clone(&self.file), self.len);
        let mut records = mem::take(&mut self.records);
        let writing = spawn_blocking(move || {
            let written = file.write_all_at(&records, at);
            if written.is_err() {
                // Should cutting fail, too, the next record goes over the remains.
                let _ = file.set_len(at);
            }
            let length = records.len() as u64;
            records.clear();
            written.map(|()| (length, records))
        });
        let (length, records) = writing.await??;
        self.len += length;
        self.records = records;
        Ok(())
    }

    /// Begins the next segment.
    pub(crate) fn rotate(&mut self) -> io::Result<()> {
        self.file = Arc::new(self.segments.create(self.number + 1)?);
        self.number += 1;
        self.len = MAGIC.len() as u64;
        Ok(())
    }

    /// The number of the segment that is written.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    #[cfg(test)]
    pub(crate) fn replace_file(&mut self, file: Arc<File>) -> Arc<File> {
        mem::replace(&mut self.file, file)
    }
}

/// The journal's files.
#[derive(Clone, Debug)]
pub(crate) struct Segments {
    folder: PathBuf,
}

/// What a segment's name begins with; its number follows.
const PREFIX: &str = "unspool.journal.";

impl Segments {
    /// Those in that folder.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Their numbers, in order.
    pub(crate) fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The file of that number.
    pub(crate) fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{PREFIX}{number}"))
    }

    /// Removes those up to `number`.
    pub(crate) fn remove(&self, up_to: u64) -> io::Result<()> {
        let numbers = self.numbers()?;
        numbers
            .iter()
            .filter(|number| **number <= up_to)
            .try_for_each(|number| fs::remove_file(self.path(*number)))
    }

    /// Moves one out of the way that cannot be read to its end.
    pub(crate) fn keep_aside(&self, number: u64) -> io::Result<PathBuf> {
        let path = self.path(number);
        let aside = self.folder.join(format!("{PREFIX}{number}.damaged"));
        fs::rename(path, &aside)?;
        Ok(aside)
    }

    fn create(&self, number: u64) -> io::Result<File> {
        let file = OpenOptions::new().write(true).create_new(true).open(self.path(number))?;
        file.write_all_at(MAGIC, 0)?;
        Ok(file)
    }
}

/// Encodes a batch of one generation's log.
fn encode(id: &str, batch: &Batch, out: &mut Vec<u8>) {
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

/// Reads a segment record by record, up to the first that is not whole.
pub(crate) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    pub(crate) fn new(segment: &'a [u8]) -> Self {
        // A segment may have been killed before it had its first bytes.
        Self { rest: segment.strip_prefix(MAGIC).unwrap_or_default() }
    }

    /// Whether what was not read is damaged, and not just the last record cut short.
    pub(crate) fn is_damaged(&self) -> bool {
        self.body().is_some()
    }

    /// The next record's sum and body, when there is as much as its head says.
    fn body(&self) -> Option<(u32, &'a [u8])> {
        let length = usize::try_from(number(self.rest, 0)?).ok()?;
        let sum = u32::from_le_bytes(self.rest.get(8..HEAD)?.try_into().ok()?);
        Some((sum, self.rest.get(HEAD..HEAD.checked_add(length)?)?))
    }
}

impl<'a> Iterator for Records<'a> {
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
    fn a_segment_cut_anywhere_gives_the_whole_records_before_the_cut() {
        let batches = [("a", batch(2, "x")), ("bcd", batch(7, "")), ("é", batch(3, "新\n\n"))];
        let whole = segment(&batches);
        for cut in 0..=whole.len() {
            let mut records = Records::new(&whole[..cut]);
            let read: Vec<_> = records.by_ref().collect();
            let fit = (0..=3).rev().find(|n| segment(&batches[..*n]).len() <= cut).unwrap_or(0);
            assert_eq!(read, batches[..fit], "cut at {cut}");
            assert!(!records.is_damaged(), "cut at {cut}");
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed() {
        let batches = [("a", batch(2, "x")), ("b", batch(7, "y"))];
        let whole = segment(&batches);
        let first_record = segment(&batches[..1]).len();
        for at in first_record + HEAD..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            let mut records = Records::new(&damaged);
            assert_eq!(records.by_ref().collect::<Vec<_>>(), batches[..1], "bit at {at}");
            assert!(records.is_damaged(), "bit at {at}");
        }
    }
}
