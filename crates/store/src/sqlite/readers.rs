use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::error::{OpenError, SqlError};
use super::schema;
use crate::Error;

/// How many reads run at once.
const READERS: usize = 2;

/// Connections that only read, lent out one at a time.
#[derive(Clone)]
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let idle = (0..READERS).map(|_| schema::open_reader(path)).collect::<Result<_, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), permits: Arc::new(Semaphore::new(READERS)) })
    }

    /// Runs `work` on a thread that may block.
    pub(crate) async fn read<W, T>(&self, work: W) -> Result<T, Error>
    where
        W: FnOnce(&Connection) -> Result<T, SqlError> + Send + 'static,
        T: Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::Closed)?;
        let idle = Arc::clone(&self.idle);
        let reading = tokio::task::spawn_blocking(move || {
            let lent = lock(&idle).pop().ok_or(Error::Closed)?;
            let answer = work(&lent);
            lock(&idle).push(lent);
            // Only now may the next one look for a connection.
            drop(permit);
            answer.map_err(Error::from)
        });
        reading.await.map_err(|_| Error::Closed)?
    }

    /// Lets nobody else in, waits for those who read, and closes the connections.
    pub(crate) async fn close(&self) {
        let all = self.permits.acquire_many(READERS as u32).await;
        self.permits.close();
        lock(&self.idle).clear();
        drop(all);
    }
}

fn lock(idle: &Mutex<Vec<Connection>>) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
