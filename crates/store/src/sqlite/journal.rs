mod entries;
mod segments;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::{io, mem};

use tokio::task::spawn_blocking;

use crate::Batch;

pub(crate) use entries::{Entries, Entry};
pub(crate) use segments::Segments;

/// What running generations add to their logs, in the order of arrival: a file that only grows at
/// its end, so that one write serves all who wait. From time to time a new segment begins, and
/// what the older ones hold moves into the database.
pub(crate) struct Journal {
    segments: Segments,
    number: u64,
    file: Arc<File>,
    len: u64,
    /// What is to be written next.
    waiting: Vec<u8>,
}

impl Journal {
    /// Begins a segment after all that are there.
    pub(crate) fn begin(segments: &Segments) -> io::Result<Self> {
        let number = segments.numbers()?.last().map_or(1, |last| last + 1);
        let file = Arc::new(segments.create(number)?);
        let len = entries::MAGIC.len() as u64;
        Ok(Self { segments: segments.clone(), number, file, len, waiting: Vec::new() })
    }

    /// Adds a batch of one generation's log to what is written next.
    pub(crate) fn add_batch(&mut self, id: &str, batch: &Batch) {
        entries::encode_batch(id, batch, &mut self.waiting);
    }

    /// Adds that a generation is to be deleted.
    pub(crate) fn add_deletion(&mut self, id: &str) {
        entries::encode_deletion(id, &mut self.waiting);
    }

    /// Writes what was added: all of it or, on an error, none.
    pub(crate) async fn write(&mut self) -> io::Result<()> {
        let (file, at) = (Arc::clone(&self.file), self.len);
        let mut waiting = mem::take(&mut self.waiting);
        let writing = spawn_blocking(move || {
            let written = file.write_all_at(&waiting, at);
            if written.is_err() {
                // Should cutting fail, too, the next entry goes over the remains.
                let _ = file.set_len(at);
            }
            let length = waiting.len() as u64;
            waiting.clear();
            written.map(|()| (length, waiting))
        });
        let (length, waiting) = writing.await??;
        self.len += length;
        self.waiting = waiting;
        Ok(())
    }

    /// Begins the next segment.
    pub(crate) fn rotate(&mut self) -> io::Result<()> {
        self.file = Arc::new(self.segments.create(self.number + 1)?);
        self.number += 1;
        self.len = entries::MAGIC.len() as u64;
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
