use protocol::{Event, Snapshot};
use store::{LOCAL_NODE, Store};

use crate::{
    failure, recorder,
    running::{apply, apply_frames},
};

/// How much of a log is read at once.
const PAGE_BYTES: usize = 1024 * 1024;

/// Ends every generation that this server left unfinished when it was killed, each as
/// `interrupted`.
pub(crate) async fn recover(store: &dyn Store) -> Result<usize, store::Error> {
    let unfinished = store.unfinished(LOCAL_NODE).await?;
    let count = unfinished.len();
    for snapshot in unfinished {
        interrupt(store, snapshot).await?;
    }
    Ok(count)
}

async fn interrupt(store: &dyn Store, mut snapshot: Snapshot) -> Result<(), store::Error> {
    let id = snapshot.id.clone();
    // The log is this server's from here on: nobody else adds to what is read now.
    let resumed = store.resume(LOCAL_NODE, &id).await?;
    let mut cursor = 0;
    loop {
        let page = store.read(&id, cursor, PAGE_BYTES).await?;
        let Some(last) = page.last() else { break };
        cursor = last.last;
        page.iter().for_each(|batch| apply_frames(&mut snapshot, &batch.frames));
    }
    let ending =
        [Event::Checkpoint(snapshot.document.checkpoint()), Event::Failed(failure::interrupted())];
    apply(&mut snapshot, &ending);
    resumed.writer.end(recorder::batch(cursor + 1, &ending), &snapshot).await
}
