use std::io::{self, Write};

use serde::Serialize;

/// Counts what is written to it.
struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The length of `value` as JSON, without allocating the JSON.
pub(super) fn json_bytes(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    // A value that cannot be serialised is not sent either, so its length does not matter.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}
