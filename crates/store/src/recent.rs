use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Batch;

/// What is committed to the journal and not yet in the database, by generation; and how far the
/// log of each running generation reaches.
#[derive(Default)]
pub(crate) struct Recent {
    logs: Mutex<HashMap<String, Log>>,
}

struct Log {
    /// Id of the last event.
    last: u64,
    /// Its last batch is on its way into the database: nothing else may come.
    is_ending: bool,
    /// Each with the journal's segment that it is in.
    batches: Vec<(u64, Batch)>,
}

impl Recent {
    /// A generation begins, with its first events in the database.
    pub(crate) fn begin(&self, id: &str, last: u64) {
        let log = Log { last, is_ending: false, batches: Vec::new() };
        self.logs().insert(id.to_owned(), log);
    }

    /// Whether its events go to the journal.
    pub(crate) fn is_running(&self, id: &str) -> bool {
        self.logs().contains_key(id)
    }

    /// From here on nothing may be appended but what ends it.
    pub(crate) fn end(&self, id: &str) {
        if let Some(log) = self.logs().get_mut(id) {
            log.is_ending = true;
        }
    }

    /// The generation has ended or is gone; the database has all that there is of it.
    pub(crate) fn forget(&self, id: &str) {
        self.logs().remove(id);
    }

    /// Lets `batch` in when it follows the last event.
    pub(crate) fn admit(&self, id: &str, batch: &Batch) -> bool {
        let mut logs = self.logs();
        let follows = |log: &&mut Log| {
            !log.is_ending && batch.first == log.last + 1 && batch.last >= batch.first
        };
        let log = logs.get_mut(id).filter(follows);
        log.map(|log| log.last = batch.last).is_some()
    }

    /// What was let in last could not be written.
    pub(crate) fn retract(&self, id: &str, batch: &Batch) {
        if let Some(log) = self.logs().get_mut(id) {
            log.last = batch.first - 1;
        }
    }

    /// What was let in is written, to `segment`.
    pub(crate) fn add(&self, id: &str, segment: u64, batch: Batch) {
        // It may have been deleted meanwhile.
        if let Some(log) = self.logs().get_mut(id) {
            log.batches.push((segment, batch));
        }
    }

    /// All batches of one generation.
    pub(crate) fn of(&self, id: &str) -> Vec<Batch> {
        let logs = self.logs();
        let batches = logs.get(id).map(|log| &log.batches[..]).unwrap_or_default();
        batches.iter().map(|(_, batch)| batch.clone()).collect()
    }

    /// Its batches after event `after`, up to the first with which they take `max_bytes`.
    pub(crate) fn after(&self, id: &str, after: u64, max_bytes: usize) -> Vec<Batch> {
        let logs = self.logs();
        let batches = logs.get(id).map(|log| &log.batches[..]).unwrap_or_default();
        let from = batches.partition_point(|(_, batch)| batch.last <= after);
        let mut bytes = 0;
        let mut taken = Vec::new();
        for (_, batch) in &batches[from..] {
            taken.extend(batch.after(after));
            bytes += batch.frames.len();
            if bytes >= max_bytes {
                break;
            }
        }
        taken
    }

    /// The batches of every generation in segments up to `segment`.
    pub(crate) fn up_to(&self, segment: u64) -> Vec<(String, Vec<Batch>)> {
        let old = |log: &Log| -> Vec<Batch> {
            let batches = log.batches.iter().take_while(|(of, _)| *of <= segment);
            batches.map(|(_, batch)| batch.clone()).collect()
        };
        let logs = self.logs();
        let with_old = logs.iter().map(|(id, log)| (id.clone(), old(log)));
        with_old.filter(|(_, batches)| !batches.is_empty()).collect()
    }

    /// The database has those.
    pub(crate) fn settle(&self, segment: u64) {
        for log in self.logs().values_mut() {
            let settled = log.batches.partition_point(|(of, _)| *of <= segment);
            log.batches.drain(..settled);
        }
    }

    fn logs(&self) -> MutexGuard<'_, HashMap<String, Log>> {
        // Nothing in here panics half-way.
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
