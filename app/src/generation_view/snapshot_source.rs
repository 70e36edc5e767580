use std::sync::Arc;

use leptos::prelude::*;
use protocol::Snapshot;

use crate::follow::Driver;

/// Where the snapshot of a generation is to be read, with all its texts.
#[derive(Clone)]
pub(super) enum SnapshotSource {
    /// It is what the page was loaded with.
    Loaded(Arc<Snapshot>),
    /// The driver that follows the generation has it. It lives in the browser alone.
    Followed(StoredValue<Driver, LocalStorage>),
}

impl SnapshotSource {
    pub(super) fn read<T>(&self, read: impl FnOnce(&Snapshot) -> T) -> Option<T> {
        match self {
            Self::Loaded(snapshot) => Some(read(snapshot)),
            Self::Followed(driver) => driver.try_with_value(|driver| driver.read(read)),
        }
    }
}
