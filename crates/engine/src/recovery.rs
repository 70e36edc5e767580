use bytes::Bytes;
use protocol::{Document, Event, Snapshot};
use store::{Batch, Log, Store};

use crate::{failure, live, recorder};

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
    let mut document = Document::default();
    let mut newest = Batch { first: 0, last: 0, frames: Bytes::new() };
    loop {
        let page = store.frames(&snapshot.id, newest.last, PAGE_BYTES).await?;
        if page.is_empty() {
            break;
        }
        for batch in page {
            live::fold_frames(&mut snapshot, &mut document, &batch.frames, batch.last);
            newest = batch;
        }
    }
    let ending = [Event::Checkpoint(document.checkpoint()), Event::Failed(failure::interrupted())];
    let last = recorder::batch(newest.last + 1, &ending);
    live::fold(&mut snapshot, &mut document, &ending, last.last);
    snapshot.document = document.root().clone();
    snapshot.completed = document.completed().to_vec();
    store.end(&Log::new(&snapshot.id, newest), last, &snapshot).await
}
