use store::{LOCAL_NODE, Resumed, Store};

use super::{Place, open};
use crate::sample::{
    Log, batch, complete, create, end_after, ended, replay, resume, unfinished, wire,
};

pub(crate) async fn everything_is_there_after_reopening<P: Place>() {
    let (place, store) = open::<P>().await;
    complete(&store, "old", "Old", "news").await;
    create(&store, "new").await;
    store.close().await;
    let store = place.open().await;
    assert_eq!(replay(&store, "old", 0, 1).await, wire(1..=2));
    assert_eq!(store.unfinished(LOCAL_NODE).await.unwrap(), [unfinished("new")]);
    end_after(&store, "new", 1).await;
    assert_eq!(replay(&store, "new", 0, 1).await, wire(1..=2));
}

/// Killed after each step: what was answered is there.
pub(crate) async fn nothing_that_was_committed_is_lost<P: Place>() {
    let (place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    let mut last = 1;
    for size in 1..8 {
        let survivor = place.killed();
        assert_eq!(replay(&survivor.open().await, "g", 0, 1000).await, wire(1..=last));
        log.append(batch(last + 1, last + size)).await.unwrap();
        last += size;
    }
    let end = ended("g", "t", "s", last + 1);
    log.end(batch(last + 1, last + 1), &end).await.unwrap();
    let survivor = place.killed();
    let store = survivor.open().await;
    assert_eq!(store.snapshot("someone", "g").await.unwrap(), Some(end));
    assert_eq!(replay(&store, "g", 0, 1000).await, wire(1..=last + 1));
    assert_eq!(store.unfinished(LOCAL_NODE).await.unwrap(), []);
}

pub(crate) async fn what_was_killed_goes_on_where_it_was<P: Place>() {
    let (mut place, store) = open::<P>().await;
    let mut log = create(&store, "g").await;
    let mut stores = vec![store];
    for round in 0..5 {
        let last = round * 3 + 1;
        log.append(batch(last + 1, last + 3)).await.unwrap();
        place = place.killed();
        let store = place.open().await;
        log = resume(&store, "g", last + 3).await;
        assert_eq!(replay(&store, "g", 0, 1).await, wire(1..=last + 3));
        stores.push(store);
    }
    log.end(batch(17, 17), &ended("g", "t", "s", 17)).await.unwrap();
    assert_eq!(replay(stores.last().unwrap(), "g", 0, 1000).await, wire(1..=17));
}

/// Whatever became of what the earlier writer had under way.
pub(crate) async fn what_was_appended_after_a_log_was_taken_over_is_not_lost<P: Place>() {
    let (place, store) = open::<P>().await;
    let mut cursors = Vec::new();
    for round in 0..50 {
        let id = format!("g{round}");
        let log = create(&store, &id).await;
        let _under_way = log.begin_append(batch(2, 4)).unwrap();
        let Resumed { writer, cursor } = store.resume(LOCAL_NODE, &id).await.unwrap();
        let log = Log::new(writer);
        log.append(batch(cursor + 1, cursor + 1)).await.unwrap();
        log.append(batch(cursor + 2, cursor + 9)).await.unwrap();
        cursors.push((id, cursor + 9));
    }
    let place = place.killed();
    let store = place.open().await;
    for (id, cursor) in cursors {
        assert_eq!(replay(&store, &id, 0, 1000).await, wire(1..=cursor), "{id}");
    }
}

pub(crate) async fn what_was_deleted_does_not_come_back<P: Place>() {
    let (place, store) = open::<P>().await;
    let log = create(&store, "runs").await;
    log.append(batch(2, 9)).await.unwrap();
    complete(&store, "done", "t", "s").await;
    complete(&store, "kept", "t", "s").await;
    for id in ["runs", "done"] {
        assert!(store.delete("someone", id).await.unwrap());
    }
    let place = place.killed();
    let store = place.open().await;
    let page = store.list("someone", "", None, 9).await.unwrap();
    let left: Vec<_> = page.generations.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(left, ["kept"]);
}
