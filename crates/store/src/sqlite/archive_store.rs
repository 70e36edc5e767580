use async_trait::async_trait;
use rusqlite::Connection;

use super::{SqliteStore, archive};
use crate::{ArchiveEntry, ArchivePlace, ArchiveStore, Error, Import, Imported};

#[async_trait]
impl ArchiveStore for SqliteStore {
    async fn next_archived(
        &self,
        owner: &str,
        place: ArchivePlace,
    ) -> Result<Option<(ArchivePlace, ArchiveEntry)>, Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection| archive::next(connection, &owner, place)).await
    }

    async fn archive_place(&self, owner: &str, id: &str) -> Result<Option<ArchivePlace>, Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.with_reader(move |connection| archive::place(connection, &owner, &id)).await
    }

    async fn import(&self, owner: &str, import: Import) -> Result<Imported, Error> {
        let owner = owner.to_owned();
        let import = move |connection: &Connection| archive::import(connection, &owner, &import);
        self.shared.writer.write(import).await
    }

    async fn stored_bytes(&self, owner: &str) -> Result<u64, Error> {
        let owner = owner.to_owned();
        self.with_reader(move |connection| archive::stored_bytes(connection, &owner)).await
    }
}
