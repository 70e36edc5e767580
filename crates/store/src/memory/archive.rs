use std::collections::HashMap;

use async_trait::async_trait;

use super::contents::{Contents, Generation};
use super::store::MemoryStore;
use crate::archive::{ArchivedGeneration, Part, log_text};
use crate::{
    ArchiveEntry, ArchivePlace, ArchiveStore, Error, Import, Imported, LOCAL_NODE, Record,
};

#[async_trait]
impl ArchiveStore for MemoryStore {
    async fn next_archived(
        &self,
        owner: &str,
        place: ArchivePlace,
    ) -> Result<Option<(ArchivePlace, ArchiveEntry)>, Error> {
        self.contents()?.next_archived(owner, place)
    }

    async fn archive_place(&self, owner: &str, id: &str) -> Result<Option<ArchivePlace>, Error> {
        let contents = self.contents()?;
        let document = contents.of(owner, id).filter(|it| it.is_document());
        let document = document.map(|it| ArchivePlace::before(Part::Generations, it.key));
        let conversation = || {
            let key = contents.key_of_conversation(owner, id)?;
            Some(ArchivePlace::before(Part::Conversations, key))
        };
        Ok(document.or_else(conversation))
    }

    async fn import(&self, owner: &str, import: Import) -> Result<Imported, Error> {
        let mut contents = self.contents()?;
        let mut receiver = Receiver {
            contents: contents.clone(),
            owner,
            import: &import,
            renamed: HashMap::new(),
            imported: Imported::default(),
            conversations: Vec::new(),
        };
        import.entries.read(&mut |entry| receiver.take(entry))?;
        let (all, imported) = receiver.finish();
        *contents = all;
        Ok(imported)
    }

    async fn stored_bytes(&self, owner: &str) -> Result<u64, Error> {
        let contents = self.contents()?;
        Ok(contents.all().filter(|it| it.record.owner == owner).map(|it| it.bytes).sum())
    }
}

impl Contents {
    fn next_archived(
        &self,
        owner: &str,
        mut place: ArchivePlace,
    ) -> Result<Option<(ArchivePlace, ArchiveEntry)>, Error> {
        if place.part == Part::Generations {
            let is_next = |it: &&Generation| {
                it.key > place.key && it.record.owner == owner && it.is_document() && !it.is_running
            };
            if let Some(found) = self.all().find(is_next) {
                let place = ArchivePlace { key: found.key, ..place };
                return Ok(Some((place, ArchiveEntry::Generation(Box::new(archived(found)?)))));
            }
            place = ArchivePlace { part: Part::Personas, key: 0, message: 0 };
        }
        if place.part == Part::Personas {
            if let Some((key, found)) = self.personas.archived_after(owner, place.key) {
                let place = ArchivePlace { key, ..place };
                return Ok(Some((place, ArchiveEntry::Persona(found))));
            }
            place = ArchivePlace { part: Part::Conversations, key: 0, message: 0 };
        }
        if let Some((message, mut found)) = self.archived_message(owner, place.key, place.message) {
            found.reply = self.get(&found.id).map(archived).transpose()?;
            let place = ArchivePlace { message, ..place };
            return Ok(Some((place, ArchiveEntry::Message(Box::new(found)))));
        }
        Ok(self.archived_conversation(owner, place.key).map(|(key, found)| {
            let place = ArchivePlace { key, message: 0, ..place };
            (place, ArchiveEntry::Conversation(found))
        }))
    }

    fn add_archived(
        &mut self,
        owner: &str,
        id: &str,
        archived: &ArchivedGeneration,
    ) -> Result<(), Error> {
        // It was checked before.
        let batches = archived.batches(id).map_err(|_| Error::Corrupt)?;
        let first = batches.first().ok_or(Error::Corrupt)?.clone();
        self.add(Record {
            snapshot: archived.snapshot(id),
            owner: owner.to_owned(),
            node: LOCAL_NODE.to_owned(),
            input: archived.text.clone(),
            idempotency: None,
            first,
        })?;
        if let Some(generation) = self.get_mut(id) {
            let log: usize = batches.iter().map(|batch| batch.frames.len()).sum();
            let saved = &generation.saved;
            generation.bytes += (log + saved.json.len() + saved.text.len()) as u64;
            (generation.log, generation.is_running) = (batches, false);
        }
        Ok(())
    }
}

fn archived(generation: &Generation) -> Result<ArchivedGeneration, Error> {
    Ok(ArchivedGeneration {
        snapshot: generation.snapshot.clone(),
        text: generation.record.input.clone(),
        log: log_text(&generation.log)?,
    })
}

/// Takes the entries of an archive one after the other.
struct Receiver<'a> {
    contents: Contents,
    owner: &'a str,
    import: &'a Import,
    renamed: HashMap<String, String>,
    /// The conversations that are new: when their last message began, id and leaf.
    conversations: Vec<(u64, String, String)>,
    imported: Imported,
}

impl Receiver<'_> {
    fn take(&mut self, entry: ArchiveEntry) -> Result<(), Error> {
        match entry {
            ArchiveEntry::Generation(archived) => {
                let id = &archived.snapshot.id;
                let owner = self.contents.get(id).map(|it| it.record.owner.clone());
                let Some(id) = self.admit(owner, id)? else { return Ok(()) };
                self.contents.add_archived(self.owner, &id, &archived)?;
                self.imported.generations += 1;
            }
            ArchiveEntry::Persona(persona) => {
                let owner = self.contents.personas.owner_of(&persona.id);
                let Some(id) = self.admit(owner, &persona.id)? else { return Ok(()) };
                self.contents.personas.add_archived(self.owner, id, persona.versions);
                self.imported.personas += 1;
            }
            ArchiveEntry::Conversation(mut archived) => {
                let owner = self.contents.owner_of_conversation(&archived.id);
                let Some(id) = self.admit(owner, &archived.id)? else { return Ok(()) };
                archived.generation_id = archived.generation_id.map(|id| self.name(id));
                archived.persona_id = archived.persona_id.map(|id| self.name(id));
                let leaf_id = archived.leaf_id.clone();
                self.conversations.push((archived.updated_ms, id.clone(), leaf_id));
                self.contents.add_archived_conversation(self.owner, id, archived);
                self.imported.conversations += 1;
            }
            ArchiveEntry::Message(mut message) => {
                let owner = self.contents.owner_of_message(&message.id);
                let Some(id) = self.admit(owner, &message.id)? else { return Ok(()) };
                message.conversation_id = self.name(message.conversation_id);
                message.parent_id = message.parent_id.map(|id| self.name(id));
                message.persona_id = message.persona_id.map(|id| self.name(id));
                if let Some(reply) = &message.reply {
                    self.contents.add_archived(self.owner, &id, reply)?;
                }
                message.id = id;
                self.contents.add_archived_message(self.owner, *message)?;
                self.imported.messages += 1;
            }
        }
        Ok(())
    }

    /// The id under which a thing is stored; none when the owner has it already.
    fn admit(&mut self, owner: Option<String>, id: &str) -> Result<Option<String>, Error> {
        match owner {
            None => Ok(Some(id.to_owned())),
            Some(owner) if owner == self.owner => Ok(None),
            Some(_) => {
                let fresh = (self.import.fresh_id)()?;
                self.renamed.insert(id.to_owned(), fresh.clone());
                Ok(Some(fresh))
            }
        }
    }

    fn name(&self, id: String) -> String {
        self.renamed.get(&id).cloned().unwrap_or(id)
    }

    fn finish(mut self) -> (Contents, Imported) {
        self.conversations.sort_unstable();
        for (_, id, leaf_id) in std::mem::take(&mut self.conversations) {
            let leaf_id = self.name(leaf_id);
            if !self.contents.finish_archived(self.owner, &id, &leaf_id) {
                self.imported.conversations -= 1;
            }
        }
        (self.contents, self.imported)
    }
}
