use store::{Error, LOCAL_NODE, Record, Resumed, Store};

use super::{Place, open};
use crate::sample::{
    batch, born, complete, create, ended, record, replay, resume, unfinished, wire,
};

pub(crate) async fn a_node_finds_what_it_left_and_nothing_else<P: Place>() {
    let (place, store) = open::<P>().await;
    for (id, node) in [("a", "one"), ("b", "two"), ("c", "one")] {
        born(&store, Record { node: node.into(), ..record(id) }).await;
    }
    complete(&store, "done", "t", "s").await;
    let place = place.killed();
    let store = place.open().await;
    let of_one = [unfinished("a"), unfinished("c")];
    assert_eq!(store.unfinished("one").await.unwrap(), of_one, "oldest first");
    assert_eq!(store.unfinished("two").await.unwrap(), [unfinished("b")]);
    assert_eq!(store.unfinished(LOCAL_NODE).await.unwrap(), []);

    // Whoever takes over what another node left has it from then on.
    store.resume("two", "a").await.unwrap();
    assert_eq!(store.unfinished("one").await.unwrap(), [unfinished("c")]);
    let of_two = [unfinished("a"), unfinished("b")];
    assert_eq!(store.unfinished("two").await.unwrap(), of_two);
}

pub(crate) async fn whoever_resumes_a_log_shuts_its_writer_out<P: Place>() {
    let (_place, store) = open::<P>().await;
    let first = create(&store, "g").await;
    first.append(batch(2, 4)).await.unwrap();
    let second = resume(&store, "g", 4).await;
    let end = ended("g", "t", "s", 5);
    assert!(matches!(first.append(batch(5, 5)).await, Err(Error::Superseded)));
    assert!(matches!(first.end(batch(5, 5), &end).await, Err(Error::Superseded)));
    second.append(batch(5, 6)).await.unwrap();
    let third = resume(&store, "g", 6).await;
    assert!(matches!(second.append(batch(7, 7)).await, Err(Error::Superseded)));
    third.append(batch(7, 7)).await.unwrap();
    third.end(batch(8, 8), &ended("g", "t", "s", 8)).await.unwrap();
    assert_eq!(replay(&store, "g", 0, 1).await, wire(1..=8));
}

pub(crate) async fn what_is_under_way_when_a_log_is_resumed_is_in_it_or_never_will_be<P: Place>() {
    let (_place, store) = open::<P>().await;
    for round in 0..50 {
        let id = format!("g{round}");
        let log = create(&store, &id).await;
        let under_way = log.begin_append(batch(2, 3)).unwrap();
        let Resumed { cursor, .. } = store.resume(LOCAL_NODE, &id).await.unwrap();
        let committed = under_way.await.unwrap();
        assert_eq!(cursor, if committed.is_ok() { 3 } else { 1 }, "{committed:?}");
        assert_eq!(replay(&store, &id, 0, 1000).await, wire(1..=cursor));
    }
}

pub(crate) async fn what_has_ended_or_is_gone_is_not_resumed<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "done", "t", "s").await;
    let refused = store.resume(LOCAL_NODE, "done").await;
    assert!(matches!(refused, Err(Error::OutOfOrder)));
    let unknown = store.resume(LOCAL_NODE, "nobody").await;
    assert!(matches!(unknown, Err(Error::UnknownGeneration)));
}
