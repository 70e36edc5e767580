use proptest::prelude::*;
use store::Store;

use super::{Place, block_on, open};
use crate::sample::{batch, create, replay, wire};

pub(crate) async fn replay_gives_the_exact_bytes_after_any_event<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    for (first, last) in [(2, 2), (3, 7), (8, 20)] {
        log.append(batch(first, last)).await.unwrap();
    }
    for after in 0..=20 {
        assert_eq!(replay(&store, "g", after, usize::MAX).await, wire(after + 1..=20), "{after}");
    }
    assert_eq!(store.read("g", 21, 100).await.unwrap(), []);
    assert_eq!(store.read("g", u64::MAX, 100).await.unwrap(), []);
}

pub(crate) async fn a_page_has_at_least_one_batch_and_no_more_than_asked_for<P: Place>() {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    log.append(batch(2, 5)).await.unwrap();
    log.append(batch(6, 6)).await.unwrap();
    assert_eq!(store.read("g", 1, 0).await.unwrap(), [batch(2, 5)]);
    let two = batch(1, 1).frames.len() + batch(2, 5).frames.len();
    assert_eq!(store.read("g", 0, two - 1).await.unwrap(), [batch(1, 1)]);
    assert_eq!(store.read("g", 0, two).await.unwrap(), [batch(1, 1), batch(2, 5)]);
}

pub(crate) async fn pages_add_up_to_the_log<P: Place>() {
    let sizes = prop::collection::vec(1_u64..12, 1..30);
    // Each case has a runtime of its own, which must not be begun within another one.
    let cases = std::thread::spawn(move || {
        proptest!(ProptestConfig::with_cases(48), |(
            sizes in sizes,
            after in 0_u64..200,
            max_bytes in 0_usize..3000,
        )| {
            block_on(add_up::<P>(sizes, after, max_bytes));
        });
    });
    cases.join().unwrap();
}

async fn add_up<P: Place>(sizes: Vec<u64>, after: u64, max_bytes: usize) {
    let (_place, store) = open::<P>().await;
    let log = create(&store, "g").await;
    let mut last = 1;
    for size in sizes {
        log.append(batch(last + 1, last + size)).await.unwrap();
        last += size;
    }
    let after = after.min(last);
    assert_eq!(replay(&store, "g", after, max_bytes).await, wire(after + 1..=last));
}
