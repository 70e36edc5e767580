use protocol::Status;
use store::{Error, Store};

use super::{Place, open};
use crate::sample::{batch, create, ended, replay, wire};

pub(crate) async fn holes_and_repeats_are_refused<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    log.append(batch(2, 4)).await.unwrap();
    let mut backwards = batch(5, 5);
    backwards.last = 4;
    let wrong = [batch(6, 6), batch(4, 4), batch(2, 5), batch(1, 9), backwards];
    for wrong in &wrong {
        let refused = log.append(wrong.clone()).await;
        assert!(matches!(refused, Err(Error::OutOfOrder)), "{refused:?}");
    }
    for wrong in wrong {
        let refused = log.end(wrong, &ended("g", "t", "s", 9)).await;
        assert!(matches!(refused, Err(Error::OutOfOrder)), "{refused:?}");
    }
    let snapshot = store.snapshot("someone", "g").await.unwrap().unwrap();
    assert_eq!(snapshot.status, Status::Running);
    assert_eq!(replay(&store, "g", 0, usize::MAX).await, wire(1..=4));
    log.end(batch(5, 5), &ended("g", "t", "s", 5)).await.unwrap();
}

/// A store may be so quick that the first one is committed before the second is handed in.
pub(crate) async fn one_batch_of_a_log_is_under_way_at_a_time<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    let first = log.begin_append(batch(2, 2)).unwrap();
    assert!(matches!(log.begin_append(batch(2, 2)), Err(Error::OutOfOrder)));
    first.await.unwrap().unwrap();
    log.append(batch(3, 3)).await.unwrap();
    assert_eq!(replay(&store, "g", 0, 1).await, wire(1..=3));
}

pub(crate) async fn a_refused_append_does_not_fail_its_neighbours<P: Place>() {
    let (_place, store) = open::<P>().await;
    let mut logs = Vec::new();
    for n in 0..100 {
        logs.push(create(&store, &format!("g{n}")).await);
    }
    let appends = logs.iter().enumerate().map(|(n, log)| {
        let first = if n % 10 == 0 { 7 } else { 2 };
        log.append(batch(first, first))
    });
    let answers = futures::future::join_all(appends).await;
    for (n, answer) in answers.into_iter().enumerate() {
        let log = replay(&store, &format!("g{n}"), 0, usize::MAX).await;
        if n % 10 == 0 {
            assert!(matches!(answer, Err(Error::OutOfOrder)), "{n}: {answer:?}");
            assert_eq!(log, wire(1..=1));
        } else {
            answer.unwrap();
            assert_eq!(log, wire(1..=2));
        }
    }
}

pub(crate) async fn whoever_is_told_finds_it_there<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    for event in 2..100 {
        log.append(batch(event, event)).await.unwrap();
        assert_eq!(store.read("g", event - 1, 1).await.unwrap(), [batch(event, event)]);
    }
}
