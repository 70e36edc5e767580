use std::{
    fs::File,
    io::{self, Write},
    mem,
    os::fd::AsFd,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How many bytes may wait to be written. A line that does not fit is dropped.
const WAITING_BYTES: usize = 256 * 1024;

/// The pause before a non-blocking stream that took nothing is tried again.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// A log whose callers never wait. A thread writes the lines. Those that do not fit into the buffer or
/// cannot be written are dropped, and their number is written as soon as a write succeeds again.
/// Clones write to the same stream.
#[derive(Clone)]
pub(crate) struct Output {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    /// The lines that wait to be written.
    waiting: Vec<u8>,
    /// How many lines were dropped since their number was last written.
    dropped: u64,
    is_writing: bool,
}

impl Output {
    /// The process's standard error.
    ///
    /// # Errors
    /// When the descriptor cannot be duplicated or the thread cannot be started.
    pub(crate) fn stderr() -> io::Result<Self> {
        // A duplicate descriptor, as `io::stderr` would hold its lock for as long as a write takes.
        Self::to(File::from(io::stderr().as_fd().try_clone_to_owned()?))
    }

    fn to(stream: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let writing = Arc::clone(&shared);
        thread::Builder::new().name("log".to_owned()).spawn(move || writing.write_to(stream))?;
        Ok(Self { shared })
    }

    /// Queues a line, which ends with a newline, or drops it when the buffer is full.
    fn push(&self, line: &[u8]) {
        let mut queue = self.shared.queue();
        if queue.waiting.len() + line.len() <= WAITING_BYTES {
            queue.waiting.extend_from_slice(line);
            self.shared.changed.notify_all();
        } else {
            queue.dropped += 1;
        }
    }

    /// Queues a sentence as a line that begins with the program's name.
    pub(crate) fn say(&self, sentence: impl std::fmt::Display) {
        self.push(format!("unspool: {sentence}\n").as_bytes());
    }

    /// Waits until all lines are written or dropped, but no longer than `deadline`.
    pub(crate) fn drain(&self, deadline: Duration) {
        let is_busy = |queue: &mut Queue| queue.is_writing || !queue.waiting.is_empty();
        let waited = self.shared.changed.wait_timeout_while(self.shared.queue(), deadline, is_busy);
        drop(waited);
    }
}

/// Never fails and never waits.
impl Write for Output {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, stream: impl Write) {
        let mut stream = Stream { stream, is_mid_line: false };
        let mut lines = Vec::new();
        loop {
            let mut dropped = self.take(&mut lines);
            dropped += stream.write(&lines);
            if dropped > 0 {
                let note = format!("unspool: lines of the log that were dropped: {dropped}\n");
                // If the note itself could not be written, the count is kept for the next one.
                if stream.write(note.as_bytes()) == 0 {
                    dropped = 0;
                }
            }
            lines.clear();
            self.queue().dropped += dropped;
        }
    }

    /// Waits for lines, swaps them into `lines`, and returns how many were dropped after them.
    fn take(&self, lines: &mut Vec<u8>) -> u64 {
        let mut queue = self.queue();
        queue.is_writing = false;
        self.changed.notify_all();
        let is_idle = |queue: &mut Queue| queue.waiting.is_empty();
        let waited = self.changed.wait_while(queue, is_idle);
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner);
        queue.is_writing = true;
        mem::swap(&mut queue.waiting, lines);
        mem::take(&mut queue.dropped)
    }
}

/// The stream that lines are written to.
struct Stream<W> {
    stream: W,
    /// Whether the last write ended in the middle of a line.
    is_mid_line: bool,
}

impl<W: Write> Stream<W> {
    /// Writes `lines` until a write fails; returns how many were not written as a whole.
    fn write(&mut self, lines: &[u8]) -> u64 {
        if self.is_mid_line && self.write_all(b"\n") == 0 {
            return count(lines);
        }
        let written = self.write_all(lines);
        self.is_mid_line =
            written < lines.len() && lines[..written].last().is_some_and(|it| *it != b'\n');
        count(&lines[written..])
    }

    /// Writes `bytes` until a write fails; returns how many bytes were written.
    fn write_all(&mut self, bytes: &[u8]) -> usize {
        let mut written = 0;
        while written < bytes.len() {
            match self.stream.write(&bytes[written..]) {
                Ok(0) => break,
                Ok(more) => written += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    thread::sleep(RETRY_INTERVAL);
                }
                Err(_) => break,
            }
        }
        written
    }
}

fn count(lines: &[u8]) -> u64 {
    lines.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    /// Takes each write as `allowed` says: so many bytes, or an error.
    struct Reader {
        allowed: mpsc::Receiver<io::Result<usize>>,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let bytes_taken = self.allowed.recv().unwrap()?.min(bytes.len());
            self.taken.lock().unwrap().extend_from_slice(&bytes[..bytes_taken]);
            Ok(bytes_taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    type Allow = mpsc::Sender<io::Result<usize>>;

    impl Output {
        /// An output into memory, and a function that reads it.
        pub(crate) fn to_memory() -> (Self, impl Fn() -> String) {
            let (output, allow, read) = output();
            (0..10).for_each(|_| allow.send(Ok(usize::MAX)).unwrap());
            (output, read)
        }
    }

    /// An output, what lets its stream take the next write, and a function that reads what it took.
    fn output() -> (Output, Allow, impl Fn() -> String) {
        let (allow, allowed) = mpsc::channel();
        let taken = Arc::new(Mutex::default());
        let reader = Reader { allowed, taken: Arc::clone(&taken) };
        let read = move || String::from_utf8(taken.lock().unwrap().clone()).unwrap();
        (Output::to(reader).unwrap(), allow, read)
    }

    #[test]
    fn what_does_not_fit_is_dropped_and_counted_once_there_is_room() {
        const KIB: usize = 1024;
        let (mut output, allow, read) = output();
        let line = format!("{}\n", "x".repeat(KIB - 1));
        // The thread may hold one buffer's worth of lines and the buffer another, so at
        // least a third of these lines does not fit.
        let pushed = 3 * WAITING_BYTES / KIB;
        (0..pushed).for_each(|_| output.write_all(line.as_bytes()).unwrap());
        (0..10).for_each(|_| allow.send(Ok(usize::MAX)).unwrap());
        output.drain(LONG);
        let said = read();
        let kept = said.matches(&line).count();
        assert!((WAITING_BYTES / KIB..pushed).contains(&kept), "{kept}");
        let note = format!("unspool: lines of the log that were dropped: {}", pushed - kept);
        assert_eq!(said.lines().filter(|said| *said == note).count(), 1, "{said}");
    }

    #[test]
    fn a_stream_that_fails_is_written_to_again() {
        let (output, allow, read) = output();
        allow.send(Ok("unspool: o".len())).unwrap();
        for _ in 0..2 {
            allow.send(Err(io::ErrorKind::StorageFull.into())).unwrap();
        }
        output.say("one");
        output.drain(LONG);
        (0..3).for_each(|_| allow.send(Ok(usize::MAX)).unwrap());
        output.say("two");
        output.drain(LONG);
        allow.send(Err(io::ErrorKind::WouldBlock.into())).unwrap();
        allow.send(Ok(usize::MAX)).unwrap();
        output.say("three");
        output.drain(LONG);
        let note = "unspool: lines of the log that were dropped: 1";
        assert_eq!(read(), format!("unspool: o\nunspool: two\n{note}\nunspool: three\n"));
    }

    #[test]
    fn draining_ends_at_its_deadline() {
        let (output, _allow, read) = output();
        output.say("one");
        output.drain(Duration::from_millis(10));
        assert_eq!(read(), "");
    }
}
