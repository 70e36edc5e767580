use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use test_support::Client;
use tokio_util::sync::CancellationToken;

use super::tally::Tally;

/// How many generations viewers choose from: those under way and a few that have ended.
const KNOWN: usize = 30;

/// What all players share. A cheap handle.
#[derive(Clone)]
pub(super) struct Stage {
    /// Reaches the server through the proxy.
    pub(super) client: Client,
    pub(super) tally: Arc<Tally>,
    known: Arc<Mutex<Known>>,
    closed: CancellationToken,
}

#[derive(Default)]
struct Known {
    recent: VecDeque<String>,
    all: Vec<String>,
    seen: Vec<Seen>,
}

/// What one viewer saw of one generation: each event's id and the hash of its bytes.
pub(super) struct Seen {
    /// The generation.
    pub(super) id: String,
    /// In the order of arrival.
    pub(super) events: Vec<(u64, u64)>,
    /// The document that the viewer folded; none when it did not come to the end.
    pub(super) document: Option<protocol::Document>,
}

impl Stage {
    pub(super) fn new(proxy: SocketAddr) -> Self {
        Self {
            client: Client::new(proxy),
            tally: Arc::default(),
            known: Arc::default(),
            closed: CancellationToken::new(),
        }
    }

    /// Nothing new is begun.
    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    /// Makes a generation known to viewers.
    pub(super) fn enter(&self, id: String) {
        let mut known = self.known();
        known.all.push(id.clone());
        known.recent.push_back(id);
        if known.recent.len() > KNOWN {
            known.recent.pop_front();
        }
    }

    /// One of those that viewers may follow.
    pub(super) fn any(&self, dice: &mut fastrand::Rng) -> Option<String> {
        let known = self.known();
        dice.choice(known.recent.iter()).cloned()
    }

    /// Those that may be under way.
    pub(super) fn recent(&self) -> Vec<String> {
        self.known().recent.iter().cloned().collect()
    }

    /// Every generation that was started.
    pub(super) fn all(&self) -> Vec<String> {
        self.known().all.clone()
    }

    /// Keeps what a viewer saw.
    pub(super) fn keep(&self, seen: Seen) {
        self.known().seen.push(seen);
    }

    /// What viewers saw so far.
    pub(super) fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.known().seen)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
