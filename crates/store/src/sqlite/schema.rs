use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, ffi};

use super::error::OpenError;

/// `PRAGMA application_id`: marks the file as ours ("Unsp").
pub(crate) const APPLICATION_ID: i32 = 0x556e_7370;

/// The schema's version: how many of [`MIGRATIONS`] have been made.
#[expect(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "a handful")]
pub(crate) const VERSION: i32 = MIGRATIONS.len() as i32;

/// How long SQLite itself waits for a lock. Only a foreign process can hold one.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// Files up to this many bytes are checked page by page at the start: some 20 ms. Damage in
/// larger ones shows when it is read.
const CHECKED_BYTES: u64 = 32 << 20;

/// Until the file is known to be whole, closing it must not touch it.
const KEEP: DbConfig = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;

/// Each step leads from its index to the next version. Steps are never changed, only added.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE generation (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        idempotency_key TEXT,
        fingerprint BLOB,
        status TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        title TEXT NOT NULL,
        preview TEXT NOT NULL,
        search TEXT NOT NULL,
        snapshot TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX generation_idempotency ON generation (owner, idempotency_key)
        WHERE idempotency_key IS NOT NULL;
    CREATE INDEX generation_owner ON generation (owner);
    CREATE INDEX generation_running ON generation (status) WHERE status = 'running';
    CREATE INDEX generation_age ON generation (created_ms, status, bytes);
    CREATE TABLE input (
        generation INTEGER PRIMARY KEY,
        text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE log (
        generation INTEGER NOT NULL,
        last INTEGER NOT NULL,
        first INTEGER NOT NULL,
        frames BLOB NOT NULL,
        PRIMARY KEY (generation, last)
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE log RENAME TO clustered;
    CREATE TABLE log (
        generation INTEGER NOT NULL,
        last INTEGER NOT NULL,
        first INTEGER NOT NULL,
        frames BLOB NOT NULL
    ) STRICT;
    INSERT INTO log (generation, last, first, frames)
        SELECT generation, last, first, frames FROM clustered ORDER BY generation, last;
    DROP TABLE clustered;
    CREATE UNIQUE INDEX log_generation ON log (generation, last);
",
    "
    CREATE TABLE state (
        transactions INTEGER NOT NULL,
        clock_ms INTEGER,
        clock_doubted_ms INTEGER
    ) STRICT;
    INSERT INTO state (transactions) VALUES (0);
",
    // Who runs it: with one server a folder, whoever has the folder.
    "
    ALTER TABLE generation ADD COLUMN node TEXT NOT NULL DEFAULT 'local';
",
    // What a generation is for, conversations and personas. A reply's message has the id of its
    // generation, which has its text. `seq` counts what happened in an owner's conversations.
    "
    ALTER TABLE generation ADD COLUMN kind TEXT NOT NULL DEFAULT 'document';
    DROP INDEX generation_owner;
    CREATE INDEX generation_owner ON generation (owner, kind);
    DROP INDEX generation_age;
    CREATE INDEX generation_age ON generation (created_ms, status, bytes, kind);
    CREATE TABLE conversation (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        title_origin TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        persona_id TEXT,
        generation_id TEXT,
        leaf_id TEXT NOT NULL,
        active_seq INTEGER NOT NULL,
        changed_seq INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX conversation_active ON conversation (owner, active_seq);
    CREATE INDEX conversation_changed ON conversation (owner, changed_seq);
    CREATE TABLE message (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        conversation INTEGER NOT NULL,
        parent_id TEXT,
        depth INTEGER NOT NULL,
        role TEXT NOT NULL,
        content TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        persona_id TEXT,
        seq INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX message_conversation ON message (conversation);
    CREATE INDEX message_seq ON message (seq);
    CREATE TABLE turn_key (
        owner TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        conversation INTEGER NOT NULL,
        message_id TEXT NOT NULL,
        reply_id TEXT NOT NULL,
        PRIMARY KEY (owner, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX turn_key_conversation ON turn_key (conversation);
    CREATE TABLE conversation_entry (
        owner TEXT NOT NULL,
        seq INTEGER NOT NULL,
        conversation_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        message_id TEXT,
        text TEXT,
        PRIMARY KEY (owner, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX conversation_entry_conversation ON conversation_entry (conversation_id);
    CREATE TABLE conversation_deleted (
        owner TEXT NOT NULL,
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (owner, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE conversation_owner (
        owner TEXT NOT NULL PRIMARY KEY,
        head INTEGER NOT NULL,
        floor INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE persona (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX persona_owner ON persona (owner);
    CREATE TABLE persona_version (
        persona INTEGER NOT NULL,
        version INTEGER NOT NULL,
        name TEXT NOT NULL,
        instruction TEXT NOT NULL,
        profile TEXT NOT NULL,
        origin TEXT NOT NULL,
        created_ms INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX persona_version_number ON persona_version (persona, version);
    CREATE TABLE training (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        generation_id TEXT NOT NULL UNIQUE,
        persona INTEGER NOT NULL,
        message TEXT NOT NULL,
        version INTEGER
    ) STRICT;
    CREATE INDEX training_persona ON training (persona);
",
    // What searches look through, without the texts themselves. What there was before is entered
    // one after the other, from the newest on.
    "
    CREATE VIRTUAL TABLE generation_search USING fts5 (
        space, words, characters,
        content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE VIRTUAL TABLE conversation_search USING fts5 (
        space, words, characters,
        content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE TABLE search_backlog (
        place INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        key INTEGER NOT NULL
    ) STRICT;
    INSERT INTO search_backlog (subject, key) SELECT 'message', key FROM message ORDER BY key;
    INSERT INTO search_backlog (subject, key) SELECT 'title', key FROM conversation ORDER BY key;
    INSERT INTO search_backlog (subject, key)
        SELECT 'generation', key FROM generation WHERE kind = 'document' ORDER BY key;
",
    // What is shared, and who has logged in. What an owner has is summed up over its own index.
    "
    CREATE TABLE share (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        subject TEXT NOT NULL,
        leaf_id TEXT,
        created_ms INTEGER NOT NULL,
        is_withdrawn INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX share_owner ON share (owner, subject);
    CREATE TABLE session (
        secret_hash BLOB NOT NULL PRIMARY KEY,
        token_hash BLOB NOT NULL,
        expires_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX generation_bytes ON generation (owner, bytes);
",
];

/// Opens the connection that writes. Until [`prepare`] it changes nothing, even when it is closed.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let explain = |source| explain(path, source);
    let connection = Connection::open(path).map_err(explain)?;
    if connection.is_readonly("main").map_err(explain)? {
        return Err(OpenError::ReadOnly { path: path.to_owned() });
    }
    connection.busy_timeout(LOCK_WAIT).map_err(explain)?;
    connection.set_db_config(KEEP, true).map_err(explain)?;
    let found = version(&connection).map_err(explain)?;
    if found > VERSION {
        return Err(OpenError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(connection)
}

/// Brings a file that is whole to [`VERSION`], and makes the writer ready to write.
pub(crate) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    migrate(connection, path)?;
    let tune = || {
        connection.set_db_config(KEEP, false)?;
        tune(connection)
    };
    tune().map_err(|source| explain(path, source))
}

/// Opens a connection that only reads. The writer must be open.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    open_beside(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Opens a connection that may move what the writer wrote. The writer must be open.
pub(crate) fn open_checkpointer(path: &Path) -> Result<Connection, OpenError> {
    open_beside(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

fn open_beside(path: &Path, access: OpenFlags) -> Result<Connection, OpenError> {
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(LOCK_WAIT)?;
        Ok(connection)
    };
    open().map_err(|source| explain(path, source))
}

fn tune(connection: &Connection) -> rusqlite::Result<()> {
    // With a write-ahead log, NORMAL leaves out the wait for the disk at each commit, but keeps
    // the order that makes the file whole after a power cut.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // The checkpointer does that, and reads the size of the log off its file's.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", 0)?;
    // Room for the last page of each log that grows, in KiB.
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Looks for damage: in all there is when there is reason to, and it takes as long as it takes.
pub(crate) fn check(
    connection: &Connection,
    path: &Path,
    has_reason: bool,
) -> Result<(), OpenError> {
    let check = if has_reason {
        "integrity_check"
    } else if std::fs::metadata(path).is_ok_and(|file| file.len() > CHECKED_BYTES) {
        return Ok(());
    } else {
        "quick_check"
    };
    let verdict: String = connection
        .pragma_query_value(None, check, |row| row.get(0))
        .map_err(|source| explain(path, source))?;
    if verdict == "ok" { Ok(()) } else { Err(OpenError::Corrupt { path: path.to_owned() }) }
}

/// Moves all that the write-ahead log holds into the database, and empties it. What another
/// process reads stays where it is, as then the log is needed.
pub(crate) fn empty_log(connection: &Connection) -> rusqlite::Result<()> {
    // A database that was made just now has no log before its first read.
    version(connection)?;
    connection.pragma(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))
}

/// All steps that are missing, each in a transaction with the version that it leads to.
///
/// A new file is made before [`tune`] switches to the write-ahead log, so that its mark lies in
/// the file itself from the first moment on.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let explain = |source| explain(path, source);
    let from = version(connection).map_err(explain)?;
    for (step, target) in MIGRATIONS.iter().zip(1..).skip(usize::try_from(from).unwrap_or(0)) {
        let apply = |connection: &mut Connection| {
            let step_up = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            step_up.execute_batch(step)?;
            step_up.pragma_update(None, "application_id", APPLICATION_ID)?;
            step_up.pragma_update(None, "user_version", target)?;
            step_up.commit()
        };
        apply(connection).map_err(explain)?;
    }
    Ok(())
}

pub(crate) fn explain(path: &Path, source: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    // The index of the write-ahead log could not be made as long as it must be.
    let lacks_room = |error: &ffi::Error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE;
    if source.sqlite_error().is_some_and(lacks_room) {
        return OpenError::Full { path };
    }
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Corrupt { path },
        Some(ErrorCode::NotADatabase) => OpenError::Foreign { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => OpenError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => OpenError::Full { path },
        _ => OpenError::Database { path, source: source.into() },
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use rusqlite::params;

    use super::*;
    use crate::sqlite::SqliteStore;
    use crate::{Batch, ConversationStore, Store};

    #[tokio::test]
    async fn a_log_of_the_first_version_is_read_on() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("unspool.db")).unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let generation = "INSERT INTO generation (id, owner, status, created_ms, bytes, provider,
            model, title, preview, search, snapshot)
            VALUES (?1, '', 'completed', 0, 0, '', '', '', '', '', '{}')";
        let log = "INSERT INTO log (generation, last, first, frames) VALUES (?1, ?2, ?3, ?4)";
        for id in ["a", "b"] {
            connection.execute(generation, [id]).unwrap();
            let key = connection.last_insert_rowid();
            for (first, last) in [(1, 2), (3, 3), (4, 9)] {
                let frames = format!("{id}{first}").into_bytes();
                connection.execute(log, params![key, last, first, frames]).unwrap();
            }
        }
        drop(connection);

        let store = SqliteStore::open(folder.path()).unwrap();
        let batch = |first, last, frames| Batch { first, last, frames: Bytes::from(frames) };
        for id in ["a", "b"] {
            let frames = store.read(id, 2, 99).await.unwrap();
            assert_eq!(frames, [batch(3, 3, format!("{id}3")), batch(4, 9, format!("{id}4"))]);
        }
    }

    /// The version before there were indexes for searches.
    fn before_searches() -> usize {
        MIGRATIONS.iter().position(|step| step.contains("generation_search")).unwrap()
    }

    #[tokio::test]
    async fn what_was_there_before_is_found_little_by_little() {
        const GENERATIONS: usize = 200;
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(folder.path().join("unspool.db")).unwrap();
        let old = connection.transaction().unwrap();
        for step in &MIGRATIONS[..before_searches()] {
            old.execute_batch(step).unwrap();
        }
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.pragma_update(None, "user_version", i64::try_from(before_searches()).unwrap()).unwrap();
        let snapshot = serde_json::to_string(&protocol::Snapshot::default()).unwrap();
        for number in 0..GENERATIONS {
            old.execute(
                "INSERT INTO generation (id, owner, status, created_ms, bytes, provider, model,
                     title, preview, search, snapshot)
                 VALUES (?1, 'someone', 'completed', 0, 0, '', '', '', '', '', ?2)",
                params![format!("g{number}"), snapshot],
            )
            .unwrap();
            let text = "INSERT INTO input (generation, text) VALUES (?1, '关于大模型的报告')";
            old.execute(text, [old.last_insert_rowid()]).unwrap();
        }
        old.execute_batch(
            "INSERT INTO conversation (id, owner, title, title_origin, created_ms, updated_ms,
                 leaf_id, active_seq, changed_seq)
             VALUES ('c', 'someone', 'On ice', 'user', 0, 0, 'm', 1, 1);
             INSERT INTO message (id, conversation, depth, role, content, created_ms, seq)
             VALUES ('m', 1, 1, 'user', 'What of the harbour?', 0, 1);",
        )
        .unwrap();
        old.commit().unwrap();
        drop(connection);

        let store = SqliteStore::open(folder.path()).unwrap();
        let all_found = async {
            loop {
                let found = store.list("someone", "模型", None, GENERATIONS + 1).await.unwrap();
                let talks = store.conversations("someone", "harbour ice", None, 9).await.unwrap();
                if found.generations.len() == GENERATIONS && talks.conversations.len() == 1 {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all_found).await.unwrap();
        store.close().await;
        // What is found was entered, and is not entered again.
        let connection = Connection::open(folder.path().join("unspool.db")).unwrap();
        let left: i64 = connection
            .query_row("SELECT count(*) FROM search_backlog", [], |it| it.get(0))
            .unwrap();
        assert_eq!(left, 0);
    }
}
