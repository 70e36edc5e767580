use bytes::Bytes;
use protocol::{Event, Snapshot};
use store::{Batch, Log, Store};

use crate::{
    failure, recorder,
    running::{apply, apply_frames},
};

/// How much of a log is read at once.
const PAGE_BYTES: usize = 1024 * 1024;

/// Ends every generation that a killed server left unfinished, each as `interrupted`.
pub(crate) async fn recover(store: &Store) -> Result<usize, store::Error> {
    let unfinished = store.unfinished().await?;
    let count = unfinished.len();
    for snapshot in unfinished {
        interrupt(store, snapshot).await?;
    }
    Ok(count)
}

async fn interrupt(store: &Store, mut snapshot: Snapshot) -> Result<(), store::Error> {
    let id = snapshot.id.clone();
    let mut newest = Batch { first: 0, last: 0, frames: Bytes::new() };
    loop {
        let page = store.frames(&id, newest.last, PAGE_BYTES).await?;
        if page.is_empty() {
            break;
        }
        for batch in page {
            apply_frames(&mut snapshot, &batch.frames);
            newest = batch;
        }
    }
    let ending =
        [Event::Checkpoint(snapshot.document.checkpoint()), Event::Failed(failure::interrupted())];
    let last = recorder::batch(newest.last + 1, &ending);
    apply(&mut snapshot, &ending);
    store.end(&Log::new(&id, newest), last, &snapshot).await
}
