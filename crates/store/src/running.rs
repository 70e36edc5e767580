use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Log;

/// The logs of the generations that run. What they append goes to the journal first.
#[derive(Default)]
pub(crate) struct Running {
    logs: Mutex<HashMap<String, Arc<Log>>>,
}

impl Running {
    /// A generation begins, with its first events in the database.
    pub(crate) fn begin(&self, log: Arc<Log>) {
        self.logs().insert(log.id().to_owned(), log);
    }

    /// The log of that generation, if it runs.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Log>> {
        self.logs().get(id).cloned()
    }

    /// The generation has ended or is gone; the database has all that there is of it.
    pub(crate) fn forget(&self, id: &str) {
        if let Some(log) = self.logs().remove(id) {
            log.begin_to_end();
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Arc<Log>> {
        self.logs().values().cloned().collect()
    }

    fn logs(&self) -> MutexGuard<'_, HashMap<String, Arc<Log>>> {
        // Nothing in here panics half-way.
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
