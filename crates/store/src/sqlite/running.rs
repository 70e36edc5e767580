use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::running_log::RunningLog;

/// The logs of the generations that run. What they append goes to the journal first.
#[derive(Default)]
pub(crate) struct Running {
    logs: Mutex<HashMap<String, Arc<RunningLog>>>,
}

impl Running {
    /// The log of that generation. When it is not known yet, the database has it up to `cursor`.
    pub(crate) fn enter(&self, id: &str, cursor: u64) -> Arc<RunningLog> {
        let mut logs = self.logs();
        let log =
            logs.entry(id.to_owned()).or_insert_with(|| Arc::new(RunningLog::new(id, cursor)));
        Arc::clone(log)
    }

    /// The log of that generation, if it runs.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<RunningLog>> {
        self.logs().get(id).cloned()
    }

    /// The generation has ended or is gone; the database has all that there is of it.
    pub(crate) fn forget(&self, id: &str) {
        if let Some(log) = self.logs().remove(id) {
            log.close();
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Arc<RunningLog>> {
        self.logs().values().cloned().collect()
    }

    fn logs(&self) -> MutexGuard<'_, HashMap<String, Arc<RunningLog>>> {
        // Nothing in here panics half-way.
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
