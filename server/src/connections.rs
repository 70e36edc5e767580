use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;
use tokio::time::Instant;

/// Every open stream. A cheap handle.
#[derive(Clone, Default)]
pub(crate) struct Connections {
    open: Arc<Mutex<BTreeMap<u64, Arc<Entry>>>>,
    opened: Arc<AtomicU64>,
}

struct Entry {
    since: Instant,
    last_event_id: AtomicU64,
}

/// An open stream's place in the list; given up when it is dropped.
pub(crate) struct Connection {
    number: u64,
    entry: Arc<Entry>,
    connections: Connections,
}

/// `GET /connections`
#[derive(Serialize)]
pub(crate) struct Report {
    active_connections: usize,
    connections: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    /// Seconds.
    duration: f64,
    last_event_id: u64,
}

impl Connections {
    /// Enters a stream that goes on after the event `after`.
    pub(crate) fn enter(&self, after: u64) -> Connection {
        let number = self.opened.fetch_add(1, Ordering::Relaxed) + 1;
        let entry = Arc::new(Entry { since: Instant::now(), last_event_id: AtomicU64::new(after) });
        self.open().insert(number, Arc::clone(&entry));
        Connection { number, entry, connections: self.clone() }
    }

    /// What is open now, the oldest first.
    pub(crate) fn report(&self) -> Report {
        let connections: Vec<_> =
            self.open().iter().map(|(number, entry)| line(*number, entry)).collect();
        Report { active_connections: connections.len(), connections }
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Entry>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn line(number: u64, entry: &Entry) -> Line {
    Line {
        id: name(number),
        duration: entry.since.elapsed().as_secs_f64(),
        last_event_id: entry.last_event_id.load(Ordering::Relaxed),
    }
}

fn name(number: u64) -> String {
    format!("stream-{number}")
}

impl Connection {
    /// The stream's name in the list.
    pub(crate) fn id(&self) -> String {
        name(self.number)
    }

    /// Notes how far the stream has come.
    pub(crate) fn sent(&self, event: u64) {
        self.entry.last_event_id.store(event, Ordering::Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}
