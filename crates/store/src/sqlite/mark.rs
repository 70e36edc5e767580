use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::private;

/// First bytes of the file.
const MAGIC: &[u8; 8] = b"Unspmrk1";

/// The magic, the number (8 bytes) and the CRC-32 of both (4 bytes), little-endian.
const LENGTH: usize = 20;

/// How many transactions the database has taken, in a file beside it. A database that counts fewer
/// lacks something, as an older copy does, or one whose write-ahead log is gone.
#[derive(Debug)]
pub(crate) struct Mark {
    file: File,
    /// Said once, and not at every transaction.
    has_failed: bool,
}

impl Mark {
    /// The number that is marked. None when there is no mark, or none that can be read.
    pub(crate) fn read(path: &Path) -> io::Result<Option<u64>> {
        let mut bytes = Vec::new();
        match File::open(path) {
            Ok(file) => file.take(LENGTH as u64 + 1).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let marked = decode(&bytes);
        // It may have been killed before it had its first bytes.
        if marked.is_none() && !bytes.is_empty() {
            tracing::warn!(
                file = %path.display(),
                "the file is damaged: whether the database lacks a transaction is not known"
            );
        }
        Ok(marked)
    }

    /// Opens the mark, and sets it to where the database is now.
    pub(crate) fn begin(path: &Path, transactions: u64) -> io::Result<Self> {
        // Not emptied first: a process may be killed at any moment.
        let file = private::options().write(true).create(true).truncate(false).open(path)?;
        file.write_all_at(&encode(transactions), 0)?;
        file.set_len(LENGTH as u64)?;
        Ok(Self { file, has_failed: false })
    }

    /// The database has taken that many. Whoever asked for the last one is told afterwards.
    pub(crate) fn advance(&mut self, transactions: u64) {
        if let Err(error) = self.file.write_all_at(&encode(transactions), 0)
            && !self.has_failed
        {
            self.has_failed = true;
            tracing::warn!(%error, "how far the database has come could not be marked");
        }
    }
}

fn encode(transactions: u64) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..16].copy_from_slice(&transactions.to_le_bytes());
    let sum = crc32fast::hash(&bytes[..16]);
    bytes[16..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<u64> {
    let (numbers, sum) = bytes.split_last_chunk::<4>()?;
    let number: [u8; 8] = numbers.strip_prefix(MAGIC)?.try_into().ok()?;
    (crc32fast::hash(numbers) == u32::from_le_bytes(*sum)).then(|| u64::from_le_bytes(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_or_known_to_be_damaged() {
        let whole = encode(1_234_567);
        assert_eq!(decode(&whole), Some(1_234_567));
        for bit in 0..LENGTH * 8 {
            let mut damaged = whole;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&damaged), None, "bit {bit}");
        }
        for length in 0..LENGTH {
            assert_eq!(decode(&whole[..length]), None);
        }
    }
}
