use engine::SubscribeError;
use proptest::prelude::*;
use serde_json::json;
use store::Store;
use tokio::task::JoinSet;

use crate::bench::{Bench, OWNER, decode, fold, next, rest, within};

/// A viewer that comes while the answer is written: after which piece, and from where.
type Arrival = (usize, prop::sample::Index);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_viewer_gets_exactly_what_follows_its_cursor(
        title in "\\PC{0,30}",
        summary in "(\\PC|[\n\"新😀]){0,120}",
        sizes in prop::collection::vec(1_usize..9, 1..6),
        arrivals in prop::collection::vec((0_usize..40, any::<prop::sample::Index>()), 0..8),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(follow_while_writing(&title, &summary, &sizes, &arrivals));
    }
}

async fn follow_while_writing(title: &str, summary: &str, sizes: &[usize], arrivals: &[Arrival]) {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut viewers = JoinSet::new();
    let document = json!({"title": title, "summary": summary});
    let text: Vec<char> = document.to_string().chars().collect();
    let (mut sizes, mut at, mut step) = (sizes.iter().cycle(), 0, 0);
    while at < text.len() {
        let end = (at + sizes.next().unwrap()).min(text.len());
        let piece: String = text[at..end].iter().collect();
        assert!(within(pen.write(&piece)).await);
        for (_, from) in arrivals.iter().filter(|(arrival, _)| *arrival == step) {
            let cursor = bench.engine.snapshot(OWNER, &id).await.unwrap().unwrap().cursor;
            let after = from.index(cursor as usize + 1) as u64;
            let subscription = bench.engine.subscribe(OWNER, &id, after).await.unwrap();
            viewers.spawn(async move { (after, rest(subscription).await) });
        }
        (at, step) = (end, step + 1);
    }
    assert!(within(pen.finish()).await);
    let log = bench.end(&id).await.log;
    assert_eq!(fold(&log).root(), &document);
    while let Some(viewer) = within(viewers.join_next()).await {
        let (after, seen) = viewer.unwrap();
        assert_eq!(seen, log[after as usize..], "after {after}");
    }
}

#[tokio::test]
async fn an_ended_generation_is_followed_from_every_cursor() {
    let answer = json!({"title": "Schnee", "summary": "Es schneit, und es ist still."});
    let bench = Bench::with(llm::Scripted::text(&answer.to_string(), 3)).await;
    let id = bench.start().await;
    let log = bench.end(&id).await.log;
    for after in 0..log.len() {
        let subscription = bench.engine.subscribe(OWNER, &id, after as u64).await.unwrap();
        assert_eq!(rest(subscription).await, log[after..], "after {after}");
    }
    let last = log.len() as u64;
    assert!(matches!(bench.engine.subscribe(OWNER, &id, last).await, Err(SubscribeError::Ended)));
    let beyond = bench.engine.subscribe(OWNER, &id, last + 1).await;
    assert!(matches!(beyond, Err(SubscribeError::BeyondEnd { last: end }) if end == last));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_is_the_end_the_moment_it_is_seen() {
    let bench = Bench::with(llm::Scripted::text(r#"{"title":"A","summary":"B"}"#, 99)).await;
    for _ in 0..200 {
        let id = bench.start().await;
        let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
        let last = loop {
            let (last, event) = next(&mut subscription).await.pop().unwrap();
            if event.is_terminal() {
                break last;
            }
        };
        assert!(matches!(
            bench.engine.subscribe(OWNER, &id, last).await,
            Err(SubscribeError::Ended)
        ));
    }
}

#[tokio::test]
async fn a_cursor_beyond_the_end_of_a_running_generation_is_refused() {
    let (bench, _pen) = Bench::live().await;
    let id = bench.start().await;
    let beyond = bench.engine.subscribe(OWNER, &id, 2).await;
    assert!(matches!(beyond, Err(SubscribeError::BeyondEnd { last: 1 })));
    assert!(matches!(
        bench.engine.subscribe(OWNER, "nobody", 0).await,
        Err(SubscribeError::Unknown)
    ));
}

#[tokio::test]
async fn a_viewer_that_falls_far_behind_misses_nothing() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    assert!(within(pen.write("{\"title\":\"A\",\"summary\":\"")).await);
    for pieces in 1..=40 {
        assert!(within(pen.write(&"0123456789".repeat(1000))).await);
        // In a commit of its own: between two there is a checkpoint, so they are not merged.
        while summary_len(&bench, &id).await < pieces * 10_000 {
            tokio::task::yield_now().await;
        }
    }
    assert!(within(pen.write("\"}")).await);
    assert!(within(pen.finish()).await);
    let seen = rest(subscription).await;
    let logged = bench.store.read(&id, 0, usize::MAX).await.unwrap();
    let logged: Vec<_> = logged.iter().flat_map(|batch| decode(&batch.frames)).collect();
    assert_eq!(seen.len(), logged.len());
    assert!(seen == logged);
    assert_eq!(fold(&seen).text("summary").unwrap().len(), 400_000);
}

async fn summary_len(bench: &Bench, id: &str) -> usize {
    bench.engine.snapshot(OWNER, id).await.unwrap().unwrap().text("summary").len()
}

#[tokio::test]
async fn a_viewer_that_is_far_behind_gets_fewer_and_larger_deltas() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    assert!(within(pen.write("{\"title\":\"A\",\"summary\":\"")).await);
    for _ in 0..2_000 {
        assert!(within(pen.write("新 ")).await);
        tokio::task::yield_now().await;
    }
    assert!(within(pen.write("\"}")).await);
    assert!(within(pen.finish()).await);
    bench.end(&id).await;
    // Who comes now has it all before them.
    let seen = bench.end(&id).await.log;
    let logged = bench.store.read(&id, 0, usize::MAX).await.unwrap();
    let logged: Vec<_> = logged.iter().flat_map(|batch| decode(&batch.frames)).collect();
    assert!(logged.len() > 500, "{} events are in the log", logged.len());
    // What waits below 32 KiB at the end comes as it is.
    assert!(seen.len() < logged.len() / 4, "{} of {} events", seen.len(), logged.len());
    assert!(seen.is_sorted_by(|(one, _), (next, _)| one < next));
    assert_eq!(seen.last(), logged.last());
    assert_eq!(fold(&seen).root(), fold(&logged).root());
}

#[tokio::test]
async fn a_title_is_listed_no_longer_while_it_is_written_than_afterwards() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 1).await.unwrap();
    assert!(within(pen.write(&format!("{{\"title\":\"{}", "題".repeat(500)))).await);
    next(&mut subscription).await;
    let listed = bench.engine.list("someone", "", None, 10).await.unwrap();
    assert_eq!(listed.generations[0].title, "題".repeat(200));
}
