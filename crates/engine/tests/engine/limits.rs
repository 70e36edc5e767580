use engine::{Limits, StartError};
use llm::{Scripted, Step};
use protocol::Status;

use crate::bench::{Bench, OWNER, start};

#[tokio::test]
async fn who_has_to_wait_runs_in_turn() {
    let limits = Limits { running: 1, waiting: 2, ..Limits::default() };
    let bench = Bench::limited(Scripted::text(r#"{"title":"A","summary":"B"}"#, 1), limits).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(bench.start().await);
    }
    for id in ids {
        assert_eq!(bench.end(&id).await.snapshot.status, Status::Completed);
    }
}

#[tokio::test]
async fn no_more_run_than_may_and_room_comes_back() {
    let hang = Scripted::new([Step::Hang]);
    let bench = Bench::limited(hang, Limits { running: 2, waiting: 0, ..Limits::default() }).await;
    let first = bench.start().await;
    let _second = bench.start().await;
    let refused = bench.engine.start(start("One too many.")).await;
    assert!(matches!(refused, Err(StartError::Overloaded)));
    assert_eq!(listed(&bench).await, 2, "nothing was recorded");

    bench.engine.stop(OWNER, &first).await.unwrap();
    bench.end(&first).await;
    // The place is given back right after the last event is seen.
    let third = async {
        while bench.engine.start(start("Another.")).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    crate::bench::within(third).await;
}

#[tokio::test]
async fn who_waits_is_stopped_at_once_and_leaves_the_line() {
    let hang = Scripted::new([Step::Hang]);
    let bench = Bench::limited(hang, Limits { running: 1, waiting: 1, ..Limits::default() }).await;
    let running = bench.start().await;
    let waiting = bench.start().await;
    bench.engine.stop(OWNER, &waiting).await.unwrap();
    assert_eq!(bench.end(&waiting).await.snapshot.status, Status::Stopped);
    let first = bench.engine.snapshot(OWNER, &running).await.unwrap().unwrap();
    assert_eq!(first.status, Status::Running);
}

async fn listed(bench: &Bench) -> usize {
    bench.engine.list("someone", "", None, 10).await.unwrap().generations.len()
}
