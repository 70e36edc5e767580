use engine::SubscribeError;
use llm::{Scripted, Step};

use crate::bench::{Bench, OWNER};

const OTHER: &str = "someone else";

async fn assert_unknown_to_others(bench: &Bench, id: &str) {
    let engine = &bench.engine;
    assert!(engine.snapshot(OTHER, id).await.unwrap().is_none());
    assert!(engine.input(OTHER, id).await.unwrap().is_none());
    let subscribed = engine.subscribe(OTHER, id, 0).await;
    assert!(matches!(subscribed, Err(SubscribeError::Unknown)));
    assert!(!engine.stop(OTHER, id).await.unwrap());
    assert!(!engine.delete(OTHER, id).await.unwrap());
    assert!(engine.list(OTHER, "", None, 10).await.unwrap().generations.is_empty());
    assert!(engine.snapshot(OWNER, id).await.unwrap().is_some(), "nothing has happened to it");
}

#[tokio::test]
async fn what_runs_is_its_owner_s_alone() {
    let bench = Bench::with(Scripted::new([Step::Hang])).await;
    let id = bench.start().await;
    assert_unknown_to_others(&bench, &id).await;
    assert!(bench.engine.stop(OWNER, &id).await.unwrap());
    bench.end(&id).await;
}

#[tokio::test]
async fn what_has_ended_is_its_owner_s_alone() {
    let bench = Bench::with(Scripted::text(r#"{"title":"A","summary":"B"}"#, 4)).await;
    let id = bench.start().await;
    bench.end(&id).await;
    assert_unknown_to_others(&bench, &id).await;
    assert!(bench.engine.delete(OWNER, &id).await.unwrap());
}
