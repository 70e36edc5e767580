use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use store::{Batch, Store};
use tempfile::TempDir;

use super::place::{open, reopen};
use crate::sample::{batch, complete, create, end_after, replay, wire};

/// Length of what every segment begins with.
const MAGIC_BYTES: usize = 8;

fn segments(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.to_str().unwrap().contains("journal")).collect()
}

#[tokio::test]
async fn a_store_that_was_not_closed_goes_on_where_it_was() {
    let (folder, store) = open();
    complete(&store, "done", "t", "s").await;
    for id in ["a", "b"] {
        let log = create(&store, id).await;
        for event in 2..50 {
            log.append(batch(event, event)).await.unwrap();
        }
    }
    drop(store);
    assert_eq!(segments(folder.path()).len(), 1);

    let store = reopen(folder.path()).await;
    assert_eq!(replay(&store, "a", 0, 1000).await, wire(1..=49));
    assert_eq!(replay(&store, "b", 30, 0).await, wire(31..=49));
    assert_eq!(replay(&store, "done", 0, 0).await, wire(1..=2));
    assert_eq!(segments(folder.path()).len(), 1, "the old one has gone");
    end_after(&store, "a", 49).await;
    drop(store);

    let store = reopen(folder.path()).await;
    assert_eq!(replay(&store, "a", 0, 1000).await, wire(1..=50));
}

#[tokio::test]
async fn a_damaged_journal_gives_what_is_whole_and_is_kept() {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    for event in 2..10 {
        log.append(batch(event, event)).await.unwrap();
    }
    drop((store, log));
    until_unlocked(folder.path()).await;
    let segment = segments(folder.path()).pop().unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&segment, &bytes).unwrap();

    let store = reopen(folder.path()).await;
    let log = replay(&store, "g", 0, 1000).await;
    let last = protocol::Frames::new(&log).last().unwrap().id;
    assert!((3..8).contains(&last), "{last}");
    assert_eq!(log, wire(1..=last));
    let aside = segment.with_extension("1.damaged-1");
    assert!(fs::read(&aside).unwrap() == bytes);
    end_after(&store, "g", last).await;
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=last + 1));
    store.close().await;

    // Segments are numbered anew after each start: what is aside stays.
    fs::write(&segment, b"no journal").unwrap();
    let _store = reopen(folder.path()).await;
    assert_eq!(fs::read(segment.with_extension("1.damaged-2")).unwrap(), b"no journal");
    assert!(fs::read(&aside).unwrap() == bytes);
}

/// What is left of a server that was killed while it wrote the generation `g`: its folder, its
/// journal, and how long that was after each of the batches.
async fn killed(batches: &[Batch]) -> (TempDir, PathBuf, Vec<usize>) {
    let (folder, store) = open();
    let log = create(&store, "g").await;
    let journal = segments(folder.path()).pop().unwrap();
    let mut lengths = Vec::new();
    for batch in batches {
        log.append(batch.clone()).await.unwrap();
        lengths.push(fs::read(&journal).unwrap().len());
    }
    drop((store, log));
    until_unlocked(folder.path()).await;
    (folder, journal, lengths)
}

/// What a later one holds was shown, too, although it does not follow what can still be read.
#[tokio::test]
async fn what_comes_after_a_damaged_segment_is_kept_with_it() {
    let (folder, first, lengths) = killed(&[batch(2, 9), batch(10, 12)]).await;
    // As if they had been written to two, of which one is damaged and the other is not.
    let whole = fs::read(&first).unwrap();
    let second = [&whole[..MAGIC_BYTES], &whole[lengths[0]..]].concat();
    fs::write(first.with_extension("2"), &second).unwrap();
    let mut damaged = whole[..lengths[0]].to_vec();
    *damaged.last_mut().unwrap() ^= 0xff;
    fs::write(&first, &damaged).unwrap();

    let store = reopen(folder.path()).await;
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=1));
    assert!(fs::read(first.with_extension("1.damaged-1")).unwrap() == damaged);
    assert!(fs::read(first.with_extension("2.damaged-1")).unwrap() == second);
}

/// Who moves a damaged database away, as the program advises, may put it back.
#[tokio::test]
async fn a_journal_outlives_that_its_database_was_away() {
    let (folder, journal, _) = killed(&[batch(2, 9)]).await;
    let bytes = fs::read(&journal).unwrap();
    let away = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        if entry.file_name().to_str().unwrap().starts_with("unspool.db") {
            fs::rename(entry.path(), away.path().join(entry.file_name())).unwrap();
        }
    }
    reopen(folder.path()).await.close().await;
    assert!(fs::read(journal.with_extension("1.unknown-1")).unwrap() == bytes);
}

/// As when an older copy of the database is put back.
#[tokio::test]
async fn a_journal_that_does_not_follow_is_kept() {
    let (folder, journal, lengths) = killed(&[batch(2, 9), batch(10, 12)]).await;
    let whole = fs::read(&journal).unwrap();
    let bytes = [&whole[..MAGIC_BYTES], &whole[lengths[0]..]].concat();
    fs::write(&journal, &bytes).unwrap();
    let store = reopen(folder.path()).await;
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=1));
    assert!(fs::read(journal.with_extension("1.unknown-1")).unwrap() == bytes);
}

/// Waits until what serves the dropped store has ended, without opening anything.
async fn until_unlocked(folder: &Path) {
    let lock = fs::File::options().write(true).open(folder.join("unspool.lock")).unwrap();
    while lock.try_lock().is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_log_reads_the_same_while_it_moves_into_the_database() {
    let (folder, store) = open();
    let filler = Bytes::from(vec![b'x'; 1 << 20]);
    let (log, other) = (create(&store, "g").await, create(&store, "filler").await);
    let first = segments(folder.path());
    let mut last = 1;
    while segments(folder.path()) == first {
        log.append(batch(last + 1, last + 1)).await.unwrap();
        let batch = Batch { first: last + 1, last: last + 1, frames: filler.clone() };
        other.append(batch).await.unwrap();
        last += 1;
    }
    // Now it moves; whoever reads meanwhile sees no difference.
    while segments(folder.path()).len() > 1 || segments(folder.path()) == first {
        log.append(batch(last + 1, last + 1)).await.unwrap();
        last += 1;
        for after in [0, last / 2, last - 1] {
            assert_eq!(replay(&store, "g", after, 500).await, wire(after + 1..=last));
        }
    }
    assert_eq!(replay(&store, "g", 0, 0).await, wire(1..=last));
}
