use std::{
    collections::{BTreeSet, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use test_support::Client;
use tokio_util::sync::CancellationToken;

use super::{received::Received, tally::Tally};

/// How many generations viewers choose from. That is more than run at once, so that viewers also
/// open some that have ended.
const RECENT: usize = 30;

/// What all tasks of one chaos run share. Clones share the same state.
#[derive(Clone)]
pub(super) struct Run {
    /// Reaches the server through the proxy.
    pub(super) client: Client,
    pub(super) tally: Arc<Tally>,
    state: Arc<Mutex<State>>,
    finishing: CancellationToken,
}

#[derive(Default)]
struct State {
    recent: VecDeque<String>,
    all: Vec<String>,
    received: Vec<Received>,
    /// The conversations that nobody has deleted.
    conversations: BTreeSet<String>,
}

impl Run {
    pub(super) fn new(proxy: SocketAddr) -> Self {
        Self {
            client: Client::new(proxy),
            tally: Arc::default(),
            state: Arc::default(),
            finishing: CancellationToken::new(),
        }
    }

    /// Makes starters and viewers end after the generation that each is at.
    pub(super) fn finish(&self) {
        self.finishing.cancel();
    }

    pub(super) fn is_finishing(&self) -> bool {
        self.finishing.is_cancelled()
    }

    /// Records a generation that was started.
    pub(super) fn add_generation(&self, id: String) {
        let mut state = self.state();
        state.all.push(id.clone());
        state.recent.push_back(id);
        if state.recent.len() > RECENT {
            state.recent.pop_front();
        }
    }

    /// One of the recent generations, at random.
    pub(super) fn pick_recent(&self, rng: &mut fastrand::Rng) -> Option<String> {
        rng.choice(self.state().recent.iter()).cloned()
    }

    /// The recent generations. All that still run are among them.
    pub(super) fn recent(&self) -> Vec<String> {
        self.state().recent.iter().cloned().collect()
    }

    /// Every generation that was started.
    pub(super) fn all(&self) -> Vec<String> {
        self.state().all.clone()
    }

    /// Records a conversation in which a message was sent.
    pub(super) fn add_conversation(&self, id: &str) {
        self.state().conversations.insert(id.to_owned());
    }

    /// Records that a conversation is going to be deleted.
    pub(super) fn add_deleted(&self, id: &str) {
        self.state().conversations.remove(id);
    }

    /// The conversations that nobody has deleted.
    pub(super) fn conversations(&self) -> Vec<String> {
        self.state().conversations.iter().cloned().collect()
    }

    pub(super) fn add_received(&self, received: Received) {
        self.state().received.push(received);
    }

    /// Takes out what viewers have received so far.
    pub(super) fn take_received(&self) -> Vec<Received> {
        std::mem::take(&mut self.state().received)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
