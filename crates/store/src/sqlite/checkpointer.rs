use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::error::OpenError;
use super::folder::Folder;
use super::schema;

/// From this size of the write-ahead log on, it is copied into the file beside the writing.
const WORTHWHILE_BYTES: u64 = 4 << 20;

/// At this size the writer stops until all is copied: under constant writing the log would never
/// start anew, and on a slow disk it would outgrow the copying.
const TOO_LARGE_BYTES: u64 = 48 << 20;

/// Moves what the write-ahead log holds into the file, on a thread and a connection of its own:
/// it waits for the disk, and appends should not.
pub(crate) struct Checkpointer {
    wal: PathBuf,
    /// Holds one wish at most; more would say nothing new.
    wishes: SyncSender<()>,
    /// SQLite turns away whoever wants to copy while another does; this makes them wait.
    turn: Arc<Mutex<()>>,
    thread: JoinHandle<()>,
}

impl Checkpointer {
    /// Starts the thread. The database must be open.
    pub(crate) fn spawn(folder: &Folder) -> Result<Self, OpenError> {
        let connection = schema::open_checkpointer(folder.database())?;
        let (wishes, inbox) = sync_channel(1);
        let turn = Arc::new(Mutex::new(()));
        let thread = std::thread::Builder::new()
            .name("store-checkpointer".into())
            .spawn({
                let turn = Arc::clone(&turn);
                move || serve(&connection, &inbox, &turn)
            })
            .map_err(|source| OpenError::File { path: folder.database().to_owned(), source })?;
        Ok(Self { wal: folder.write_ahead_log(), wishes, turn, thread })
    }

    /// After a commit on `writer`: sees to it that the write-ahead log stays small.
    pub(crate) fn follow(&self, writer: &Connection) {
        let bytes = fs::metadata(&self.wal).map_or(0, |wal| wal.len());
        if bytes > TOO_LARGE_BYTES {
            checkpoint(writer, "RESTART", &self.turn);
        } else if bytes > WORTHWHILE_BYTES {
            // It is at work already when the wish does not fit.
            let _ = self.wishes.try_send(());
        }
    }

    /// Waits until it is done.
    pub(crate) fn stop(self) {
        drop(self.wishes);
        let _ = self.thread.join();
    }
}

fn serve(connection: &Connection, inbox: &Receiver<()>, turn: &Mutex<()>) {
    while inbox.recv().is_ok() {
        // Copies as much as it can without keeping a reader or the writer waiting.
        checkpoint(connection, "PASSIVE", turn);
    }
}

fn checkpoint(connection: &Connection, mode: &str, turn: &Mutex<()>) {
    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    let copied = connection.pragma(None, "wal_checkpoint", mode, |_| Ok(()));
    if let Err(error) = copied {
        tracing::warn!(%error, "the write-ahead log could not be moved into the database");
    }
}
