use bytes::Bytes;
use protocol::{Event, Snapshot};
use store::{Batch, Log, Store};

use crate::{failure, folded::Folded, recorder};

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

async fn interrupt(store: &Store, snapshot: Snapshot) -> Result<(), store::Error> {
    let id = snapshot.id.clone();
    let mut folded = Folded::new(snapshot);
    let mut newest = Batch { first: 0, last: 0, frames: Bytes::new() };
    loop {
        let page = store.frames(&id, newest.last, PAGE_BYTES).await?;
        if page.is_empty() {
            break;
        }
        for batch in page {
            folded.fold_frames(&batch.frames, batch.last);
            newest = batch;
        }
    }
    let ending = [Event::Checkpoint(folded.checkpoint()), Event::Failed(failure::interrupted())];
    let last = recorder::batch(newest.last + 1, &ending);
    folded.fold(&ending, last.last);
    store.end(&Log::new(&id, newest), last, &folded.snapshot()).await
}
