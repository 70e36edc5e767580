use protocol::{Event, Status};
use store::Store;

use crate::bench::{Bench, OWNER, decode, fold, next, within};

#[tokio::test]
async fn what_a_viewer_sees_is_in_the_log() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    let mut seen = next(&mut subscription).await;
    for piece in ["{\"title\": \"", "Rain", " and", " sun\", \"summary\": \"It", " rained.\"}"] {
        assert!(within(pen.write(piece)).await);
        seen.extend(next(&mut subscription).await);
        let logged = bench.store.read(&id, 0, usize::MAX).await.unwrap();
        let logged: Vec<_> = logged.iter().flat_map(|batch| decode(&batch.frames)).collect();
        assert!(logged.starts_with(&seen), "seen: {seen:?}\nlogged: {logged:?}");
    }
}

#[tokio::test]
async fn the_snapshot_of_a_running_generation_is_what_its_events_amount_to() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
    let mut seen = next(&mut subscription).await;
    assert!(within(pen.write("{\"title\": \"Rain\", \"summ")).await);
    seen.extend(next(&mut subscription).await);
    let snapshot = bench.engine.snapshot(OWNER, &id).await.unwrap().unwrap();
    assert_eq!(snapshot.status, Status::Running);
    assert_eq!(snapshot.cursor, subscription.cursor());
    assert_eq!(snapshot.document, fold(&seen));
    assert_eq!(snapshot.completed, ["/title"]);
}

#[tokio::test]
async fn the_log_begins_with_started_and_has_no_holes() {
    let bench = Bench::with(llm::Scripted::text(r#"{"title":"A","summary":"B"}"#, 1)).await;
    let ended = bench.run().await;
    let ids: Vec<_> = ended.log.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
    assert!(matches!(&ended.log[0].1, Event::Started(started)
        if started.generation_id == ended.snapshot.id && started.input_chars == 18));
    let terminal = ended.log.iter().filter(|(_, event)| event.is_terminal()).count();
    assert_eq!(terminal, 1, "and the last is it: {:?}", ended.last());
    assert!(ended.last().is_terminal());
}
