use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Length of what the file begins with (SQLite, "Database File Format", 4.1).
const HEADER: usize = 32;

/// Length of what stands before each page. Then comes the page.
const FRAME_HEADER: usize = 24;

/// What of a frame's header the checksum is of, together with the page: not the salts.
const SUMMED: usize = 8;

/// Where a frame's header has its salts.
const SALTS: std::ops::Range<usize> = 8..16;

/// First bytes of the file, but for the last bit: that says in which order checksums take bytes.
const MAGIC: u32 = 0x377f_0682;

/// Two numbers in the header and in each frame. They change when the log begins anew, over what it
/// held before.
pub(crate) type Salts = [u8; 8];

/// What SQLite is going to take of a write-ahead log, seen before it does: it takes what is whole
/// up to the first frame that is not, and drops the rest without a word.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct WriteAheadLog {
    /// How many frames it takes: up to the last that ends a transaction.
    pub(crate) committed: u32,
    /// More frames are there that were written after those, and that are not whole. A process that
    /// is killed while it writes leaves such ones, too, of a transaction that was not committed.
    pub(crate) is_broken: bool,
    /// Those of this log, or of the first frame when the header is not whole.
    pub(crate) salts: Salts,
}

impl WriteAheadLog {
    /// Looks at the file. One that is missing holds nothing.
    pub(crate) fn examine(path: &Path) -> io::Result<Self> {
        match File::open(path) {
            Ok(file) => Self::read(&mut BufReader::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    fn read(file: &mut impl Read) -> io::Result<Self> {
        let mut start = Vec::new();
        file.take(HEADER as u64).read_to_end(&mut start)?;
        match Header::read(&start) {
            Some(header) => header.follow(file),
            None => Self::without_header(&start, file),
        }
    }

    /// SQLite takes nothing then, whatever follows.
    fn without_header(start: &[u8], file: &mut impl Read) -> io::Result<Self> {
        let mut frame = Vec::new();
        file.take(FRAME_HEADER as u64).read_to_end(&mut frame)?;
        let salts = frame.get(SALTS).and_then(|salts| salts.try_into().ok()).unwrap_or_default();
        Ok(Self { committed: 0, is_broken: !start.is_empty(), salts })
    }
}

/// What the file begins with.
struct Header {
    page_bytes: usize,
    salts: Salts,
    order: Order,
    sum: Sum,
}

impl Header {
    /// None when it is not whole.
    fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at| number(bytes, at);
        let (magic, page_bytes) = (number(0)?, number(8)?);
        let is_ours = magic & !1 == MAGIC;
        if !is_ours || !page_bytes.is_power_of_two() || !(512..=65_536).contains(&page_bytes) {
            return None;
        }
        let order = if magic & 1 == 1 { u32::from_be_bytes } else { u32::from_le_bytes };
        let sum = Sum(0, 0).of(order, bytes.get(..24)?);
        let salts = bytes.get(16..24)?.try_into().ok()?;
        let header = Self { page_bytes: page_bytes as usize, salts, order, sum };
        (sum == Sum(number(24)?, number(28)?)).then_some(header)
    }

    /// Goes through the frames: each one's checksum is of all that comes before it, too.
    fn follow(self, file: &mut impl Read) -> io::Result<WriteAheadLog> {
        let length = FRAME_HEADER + self.page_bytes;
        let (mut sum, mut frames) = (self.sum, 0);
        let mut log = WriteAheadLog { salts: self.salts, ..WriteAheadLog::default() };
        let mut is_over = false;
        let mut frame = Vec::with_capacity(length);
        loop {
            frame.clear();
            file.by_ref().take(length as u64).read_to_end(&mut frame)?;
            if frame.is_empty() {
                return Ok(log);
            }
            let found = if is_over { None } else { self.frame(sum, &frame) };
            match found {
                Some(found) if frame[SALTS] == self.salts => {
                    (sum, frames) = (found.sum, frames + 1);
                    if found.is_last {
                        log.committed = frames;
                    }
                    continue;
                }
                // All of it but its salts says that it follows.
                Some(_) => log.is_broken = true,
                // Others are remains of an earlier log.
                None => log.is_broken |= self.is_of_this(&frame),
            }
            is_over = true;
        }
    }

    /// The frame that is to follow, by its checksum; none when it is not whole.
    fn frame(&self, before: Sum, bytes: &[u8]) -> Option<Frame> {
        let page = bytes.get(FRAME_HEADER..FRAME_HEADER + self.page_bytes)?;
        let sum = before.of(self.order, &bytes[..SUMMED]).of(self.order, page);
        let is_whole = sum == Sum(number(bytes, 16)?, number(bytes, 20)?) && number(bytes, 0)? != 0;
        is_whole.then_some(Frame { sum, is_last: number(bytes, 4)? != 0 })
    }

    /// Whether one of its salts is this log's: an earlier one had two others. What is cut short
    /// before them may be.
    fn is_of_this(&self, frame: &[u8]) -> bool {
        let is_same = |salts: &[u8]| salts[..4] == self.salts[..4] || salts[4..] == self.salts[4..];
        frame.get(SALTS).is_none_or(is_same)
    }
}

/// One that is whole.
struct Frame {
    sum: Sum,
    /// It ends a transaction.
    is_last: bool,
}

/// How a checksum takes four bytes as a number.
type Order = fn([u8; 4]) -> u32;

/// A running checksum (SQLite, "Database File Format", 4.2).
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sum(u32, u32);

impl Sum {
    fn of(self, order: Order, bytes: &[u8]) -> Self {
        let (pairs, _) = bytes.as_chunks::<8>();
        pairs.iter().fold(self, |Self(a, b), &[c, d, e, f, g, h, i, j]| {
            let a = a.wrapping_add(order([c, d, e, f])).wrapping_add(b);
            let b = b.wrapping_add(order([g, h, i, j])).wrapping_add(a);
            Self(a, b)
        })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;

    /// A database whose log holds some transactions.
    fn written() -> (TempDir, Connection, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("db")).unwrap();
        let log = "PRAGMA page_size = 512; PRAGMA journal_mode = WAL;
            PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a); PRAGMA wal_checkpoint(TRUNCATE)";
        connection.execute_batch(log).unwrap();
        insert(&connection, 3);
        let path = folder.path().join("db-wal");
        (folder, connection, path)
    }

    fn insert(connection: &Connection, times: usize) {
        for _ in 0..times {
            connection.execute("INSERT INTO t VALUES (randomblob(900))", []).unwrap();
        }
    }

    fn examine(bytes: &[u8]) -> WriteAheadLog {
        WriteAheadLog::read(&mut &bytes[..]).unwrap()
    }

    /// Up to which frame SQLite itself takes it.
    fn taken(bytes: &[u8]) -> u32 {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("db")).unwrap();
        connection.execute_batch("PRAGMA page_size = 512; PRAGMA journal_mode = WAL").unwrap();
        drop(connection);
        std::fs::write(folder.path().join("db-wal"), bytes).unwrap();
        let connection = Connection::open(folder.path().join("db")).unwrap();
        connection.query_row("PRAGMA wal_checkpoint", [], |row| row.get(1)).unwrap()
    }

    #[test]
    fn a_log_is_taken_as_far_as_sqlite_takes_it() {
        let (_folder, _connection, path) = written();
        let whole = std::fs::read(path).unwrap();
        let frames = (whole.len() - HEADER) / (FRAME_HEADER + 512);
        assert!(frames > 8);
        for cut in (0..=whole.len()).step_by(67).chain([HEADER, whole.len()]) {
            let log = examine(&whole[..cut]);
            assert_eq!(log.committed, taken(&whole[..cut]), "cut at {cut}");
            let is_between =
                cut == 0 || cut >= HEADER && (cut - HEADER).is_multiple_of(FRAME_HEADER + 512);
            assert_eq!(log.is_broken, !is_between, "cut at {cut}");
        }
        assert_eq!(examine(&whole).committed as usize, frames);
    }

    #[test]
    fn a_flipped_bit_is_seen_wherever_it_is() {
        let (_folder, _connection, path) = written();
        let whole = std::fs::read(path).unwrap();
        for byte in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[byte] ^= 1 << (byte % 8);
            assert!(examine(&damaged).is_broken, "byte {byte}");
        }
    }

    #[test]
    fn what_an_earlier_log_left_is_no_damage() {
        let (_folder, connection, path) = written();
        let earlier = std::fs::read(&path).unwrap();
        // All is copied, so the next transaction begins the log anew.
        connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
        insert(&connection, 1);
        let log = std::fs::read(&path).unwrap();
        assert_eq!(log.len(), earlier.len(), "the rest is still there");
        let examined = examine(&log);
        assert!(!examined.is_broken);
        assert!((1..8).contains(&examined.committed), "{examined:?}");
        assert_ne!(examined.salts, examine(&earlier).salts);
    }
}
