//! Exports and imports.

use std::collections::HashMap;

use protocol::Snapshot;
use protocol::conversation::Role;
use rusqlite::{Connection, OptionalExtension, params};

use super::conversations::{archived, restored};
use super::error::SqlError;
use super::number::{signed, unsigned};
use super::{read, write};
use crate::archive::{
    ArchiveEntry, ArchivePlace, ArchivedGeneration, Import, Imported, Part, log_text,
};
use crate::saved::Saved;
use crate::{Error, LOCAL_NODE, Record};

/// What follows `place` of what an owner has.
pub(super) fn next(
    connection: &Connection,
    owner: &str,
    mut place: ArchivePlace,
) -> Result<Option<(ArchivePlace, ArchiveEntry)>, SqlError> {
    let view = connection.unchecked_transaction()?;
    if place.part == Part::Generations {
        if let Some((key, found)) = generation(&view, owner, place.key)? {
            let place = ArchivePlace { key, ..place };
            return Ok(Some((place, ArchiveEntry::Generation(Box::new(found)))));
        }
        place = ArchivePlace { part: Part::Personas, key: 0, message: 0 };
    }
    if place.part == Part::Personas {
        if let Some((key, found)) = archived::persona(&view, owner, place.key)? {
            let place = ArchivePlace { key, ..place };
            return Ok(Some((place, ArchiveEntry::Persona(found))));
        }
        place = ArchivePlace { part: Part::Conversations, key: 0, message: 0 };
    }
    if let Some((message, found)) = archived::message(&view, owner, place.key, place.message)? {
        let place = ArchivePlace { message, ..place };
        return Ok(Some((place, ArchiveEntry::Message(Box::new(found)))));
    }
    let found = archived::conversation(&view, owner, place.key)?;
    Ok(found.map(|(key, found)| {
        let place = ArchivePlace { key, message: 0, ..place };
        (place, ArchiveEntry::Conversation(found))
    }))
}

/// The place before the document or conversation of that id.
pub(super) fn place(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<ArchivePlace>, SqlError> {
    for (part, sql) in [
        (
            Part::Generations,
            "SELECT key FROM generation WHERE id = ?1 AND owner = ?2 AND kind = 'document'",
        ),
        (Part::Conversations, "SELECT key FROM conversation WHERE id = ?1 AND owner = ?2"),
    ] {
        let key = connection.prepare_cached(sql)?.query_row([id, owner], |row| unsigned(row, 0));
        if let Some(key) = key.optional()? {
            return Ok(Some(ArchivePlace::before(part, key)));
        }
    }
    Ok(None)
}

/// The first document of an owner after `key` that has ended.
fn generation(
    connection: &Connection,
    owner: &str,
    key: u64,
) -> Result<Option<(u64, ArchivedGeneration)>, SqlError> {
    let found = connection
        .prepare_cached(
            "SELECT key, id FROM generation
             WHERE owner = ?1 AND kind = 'document' AND key > ?2 AND status != 'running'
             ORDER BY key LIMIT 1",
        )?
        .query_row(params![owner, signed(key)], |row| {
            Ok((unsigned(row, 0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    let Some((key, id)) = found else { return Ok(None) };
    Ok(whole(connection, owner, &id)?.map(|whole| (key, whole)))
}

/// A generation with its text and its log.
pub(super) fn whole(
    connection: &Connection,
    owner: &str,
    id: &str,
) -> Result<Option<ArchivedGeneration>, SqlError> {
    let Some(snapshot) = read::snapshot(connection, owner, id)? else { return Ok(None) };
    let text = read::input(connection, owner, id)?.ok_or(Error::Corrupt)?;
    let log = log_text(&read::frames(connection, id, 0, usize::MAX)?)?;
    Ok(Some(ArchivedGeneration { snapshot, text, log }))
}

/// Stores all that is imported.
pub(super) fn import(
    connection: &Connection,
    owner: &str,
    import: &Import,
) -> Result<Imported, SqlError> {
    let mut receiver = Receiver {
        connection,
        owner,
        import,
        renamed: HashMap::new(),
        conversations: Vec::new(),
        imported: Imported::default(),
    };
    let mut failed = None;
    let read = import.entries.read(&mut |entry| {
        receiver.take(entry).map_err(|error| {
            let given = Error::Corrupt;
            failed = Some(error);
            given
        })
    });
    if let Some(error) = failed {
        return Err(error);
    }
    read?;
    receiver.finish()
}

/// Takes the entries of an archive one after the other.
struct Receiver<'a> {
    connection: &'a Connection,
    owner: &'a str,
    import: &'a Import,
    /// Ids that another owner's things have already, and those that are given instead.
    renamed: HashMap<String, String>,
    /// The conversations that are new: when their last message began, key and id.
    conversations: Vec<(u64, i64, String)>,
    imported: Imported,
}

/// What is known of an id.
#[derive(Clone, Copy)]
enum Known {
    Free,
    /// The owner has it already.
    Own,
    Others,
}

impl Receiver<'_> {
    fn take(&mut self, entry: ArchiveEntry) -> Result<(), SqlError> {
        let connection = self.connection;
        match entry {
            ArchiveEntry::Generation(generation) => {
                let Some(id) = self.admit("generation", &generation.snapshot.id)? else {
                    return Ok(());
                };
                insert_generation(connection, self.owner, &generation, &id)?;
                self.imported.generations += 1;
            }
            ArchiveEntry::Persona(persona) => {
                let Some(id) = self.admit("persona", &persona.id)? else { return Ok(()) };
                restored::persona(connection, self.owner, &id, &persona)?;
                self.imported.personas += 1;
            }
            ArchiveEntry::Conversation(mut conversation) => {
                let Some(id) = self.admit("conversation", &conversation.id)? else {
                    return Ok(());
                };
                conversation.generation_id = conversation.generation_id.map(|id| self.name(id));
                conversation.persona_id = conversation.persona_id.map(|id| self.name(id));
                let key = restored::conversation(connection, self.owner, &id, &conversation)?;
                self.conversations.push((conversation.updated_ms, key, conversation.leaf_id));
                self.imported.conversations += 1;
            }
            ArchiveEntry::Message(mut message) => {
                let Some(id) = self.admit_message(&message.id)? else { return Ok(()) };
                message.conversation_id = self.name(message.conversation_id);
                message.parent_id = message.parent_id.map(|id| self.name(id));
                message.persona_id = message.persona_id.map(|id| self.name(id));
                if let (Role::Assistant, Some(reply)) = (message.role, &message.reply) {
                    insert_generation(connection, self.owner, reply, &id)?;
                }
                restored::message(connection, self.owner, &id, &message)?;
                self.imported.messages += 1;
            }
        }
        Ok(())
    }

    /// The id under which a thing is stored; none when the owner has it already.
    fn admit(&mut self, table: &str, id: &str) -> Result<Option<String>, SqlError> {
        let owner: Option<String> = self
            .connection
            .prepare_cached(&format!("SELECT owner FROM {table} WHERE id = ?1"))?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let known = match owner {
            None => Known::Free,
            Some(owner) if owner == self.owner => Known::Own,
            Some(_) => Known::Others,
        };
        self.admit_known(known, id)
    }

    fn admit_message(&mut self, id: &str) -> Result<Option<String>, SqlError> {
        let owner: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT owner FROM message
                 JOIN conversation ON conversation.key = message.conversation WHERE message.id = ?1
                 UNION ALL SELECT owner FROM generation WHERE id = ?1 LIMIT 1",
            )?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let known = match owner {
            None => Known::Free,
            Some(owner) if owner == self.owner => Known::Own,
            Some(_) => Known::Others,
        };
        self.admit_known(known, id)
    }

    fn admit_known(&mut self, known: Known, id: &str) -> Result<Option<String>, SqlError> {
        match known {
            Known::Free => Ok(Some(id.to_owned())),
            Known::Own => Ok(None),
            Known::Others => {
                let fresh = (self.import.fresh_id)()?;
                self.renamed.insert(id.to_owned(), fresh.clone());
                Ok(Some(fresh))
            }
        }
    }

    /// The id that stands for one of the archive's.
    fn name(&self, id: String) -> String {
        self.renamed.get(&id).cloned().unwrap_or(id)
    }

    /// Puts the new conversations in the order of their last messages.
    fn finish(mut self) -> Result<Imported, SqlError> {
        self.conversations.sort_unstable();
        for (_, key, leaf_id) in std::mem::take(&mut self.conversations) {
            let leaf_id = self.name(leaf_id);
            if !restored::finish(self.connection, self.owner, key, &leaf_id)? {
                self.imported.conversations -= 1;
            }
        }
        Ok(self.imported)
    }
}

fn insert_generation(
    connection: &Connection,
    owner: &str,
    archived: &ArchivedGeneration,
    id: &str,
) -> Result<(), SqlError> {
    // It was checked before.
    let batches = archived.batches(id).map_err(|_| Error::Corrupt)?;
    let (first, rest) = batches.split_first().ok_or(Error::Corrupt)?;
    let snapshot: Snapshot = archived.snapshot(id);
    let mut saved = Saved::new(&snapshot)?;
    saved.trained = None;
    let record = Record {
        snapshot,
        owner: owner.to_owned(),
        node: LOCAL_NODE.to_owned(),
        input: archived.text.clone(),
        idempotency: None,
        first: first.clone(),
    };
    write::create(connection, &record, &saved)?;
    write::complete(connection, id, rest, &saved)
}

/// How many bytes an owner's generations take.
pub(super) fn stored_bytes(connection: &Connection, owner: &str) -> Result<u64, SqlError> {
    Ok(connection
        .prepare_cached("SELECT coalesce(sum(bytes), 0) FROM generation WHERE owner = ?1")?
        .query_row([owner], |row| unsigned(row, 0))?)
}
