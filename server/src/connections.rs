use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;
use tokio::time::Instant;

/// The list of open streams. Clones share one list.
#[derive(Clone, Default)]
pub(crate) struct Connections {
    open: Arc<Mutex<BTreeMap<u64, Arc<Entry>>>>,
    opened: Arc<AtomicU64>,
}

struct Entry {
    since: Instant,
    last_event_id: AtomicU64,
}

/// An open stream's entry in the list. Dropping it removes the entry.
pub(crate) struct Connection {
    number: u64,
    entry: Arc<Entry>,
    connections: Connections,
}

/// The body of `GET /connections`.
#[derive(Serialize)]
pub(crate) struct ConnectionList {
    active_connections: usize,
    connections: Vec<OpenStream>,
}

#[derive(Serialize)]
struct OpenStream {
    id: String,
    /// Seconds since the stream was opened.
    duration: f64,
    last_event_id: u64,
}

impl Connections {
    /// Adds a stream that begins after the event `after`.
    pub(crate) fn enter(&self, after: u64) -> Connection {
        let number = self.opened.fetch_add(1, Ordering::Relaxed) + 1;
        let entry = Arc::new(Entry { since: Instant::now(), last_event_id: AtomicU64::new(after) });
        self.open().insert(number, Arc::clone(&entry));
        Connection { number, entry, connections: self.clone() }
    }

    /// All open streams, the oldest first.
    pub(crate) fn list(&self) -> ConnectionList {
        let connections: Vec<_> =
            self.open().iter().map(|(number, entry)| open_stream(*number, entry)).collect();
        ConnectionList { active_connections: connections.len(), connections }
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Entry>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_stream(number: u64, entry: &Entry) -> OpenStream {
    OpenStream {
        id: stream_id(number),
        duration: entry.since.elapsed().as_secs_f64(),
        last_event_id: entry.last_event_id.load(Ordering::Relaxed),
    }
}

fn stream_id(number: u64) -> String {
    format!("stream-{number}")
}

impl Connection {
    /// The stream's id in the list.
    pub(crate) fn id(&self) -> String {
        stream_id(self.number)
    }

    /// Records the last event that the stream has sent.
    pub(crate) fn sent(&self, event: u64) {
        self.entry.last_event_id.store(event, Ordering::Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}
