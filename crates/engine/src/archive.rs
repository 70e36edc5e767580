use std::sync::Arc;

use store::{ArchiveEntries, ArchiveEntry, ArchivePlace, Error, Import, Imported};

use crate::{Engine, id};

impl Engine {
    /// What follows `place` of what an owner has; none at the end.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next_archived(
        &self,
        owner: &str,
        place: ArchivePlace,
    ) -> Result<Option<(ArchivePlace, ArchiveEntry)>, Error> {
        self.shared.store.next_archived(owner, place).await
    }

    /// The place before a document or a conversation; none when the owner has no such thing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn archive_place(
        &self,
        owner: &str,
        id: &str,
    ) -> Result<Option<ArchivePlace>, Error> {
        self.shared.store.archive_place(owner, id).await
    }

    /// Stores all entries, which were checked, or none.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn import(
        &self,
        owner: &str,
        entries: Arc<dyn ArchiveEntries>,
    ) -> Result<Imported, Error> {
        let fresh_id = Arc::new(|| id::random().map_err(|_| Error::Busy));
        self.shared.store.import(owner, Import { entries, fresh_id }).await
    }

    /// How many bytes an owner's generations take.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stored_bytes(&self, owner: &str) -> Result<u64, Error> {
        self.shared.store.stored_bytes(owner).await
    }
}
