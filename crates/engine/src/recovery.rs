use protocol::{Document, Event, Frames, Snapshot};
use store::Store;

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
    let mut cursor = 0;
    loop {
        let page = store.frames(&snapshot.id, cursor, PAGE_BYTES).await?;
        if page.is_empty() {
            break;
        }
        for batch in page {
            let events: Vec<Event> =
                Frames::new(&batch.frames).filter_map(|frame| frame.event().ok()).collect();
            cursor = batch.last;
            live::fold(&mut snapshot, &mut document, &events, cursor);
        }
    }
    let ending = [Event::Checkpoint(document.checkpoint()), Event::Failed(failure::interrupted())];
    let Some(batch) = recorder::batch(cursor + 1, &ending) else { return Ok(()) };
    live::fold(&mut snapshot, &mut document, &ending, batch.last);
    snapshot.document = document.root().clone();
    snapshot.completed = document.completed().to_vec();
    let id = snapshot.id.clone();
    store.append(&id, batch, Some(snapshot)).await
}
