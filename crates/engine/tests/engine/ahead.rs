use std::pin::pin;

use futures::poll;
use tokio::task;

use crate::{
    bench::{Bench, OWNER, fold, next, within},
    disk,
};

/// More than is ever read ahead.
const PIECES: usize = 2_000;

/// While the disk does not answer, the answer is read on, but not without end, and nothing of it
/// is shown; then it is there, in a few commits.
#[test]
fn an_answer_is_read_on_while_a_commit_is_under_way() {
    disk::with_one_thread(async {
        let (bench, pen) = Bench::live().await;
        let id = bench.start().await;
        let mut subscription = bench.engine.subscribe(OWNER, &id, 0).await.unwrap();
        assert_eq!(next(&mut subscription).await.len(), 1, "it has begun");
        let release = disk::block();
        let commits = bench.store.commits();

        assert!(within(pen.write("{\"title\":\"A\",\"summary\":\"")).await);
        let mut taken = 0;
        while taken < PIECES && is_taken(pen.write("新 ")).await {
            taken += 1;
        }
        assert!((100..1_000).contains(&taken), "{taken} pieces were read ahead");
        assert!(is_pending(subscription.next()).await, "what is not committed was shown");
        assert_eq!(bench.store.commits(), commits);

        release.send(()).unwrap();
        assert!(within(pen.write("end\"}")).await);
        assert!(within(pen.finish()).await);
        let log = bench.end(&id).await.log;
        assert_eq!(fold(&log).text("summary").unwrap(), "新 ".repeat(taken) + "end");
        let commits = bench.store.commits() - commits;
        assert!(commits < 10, "{commits} commits");
    });
}

/// Whether a piece is taken soon.
async fn is_taken(write: impl Future<Output = bool>) -> bool {
    !is_pending(write).await
}

/// Whether it still waits when everyone else has had many a turn.
async fn is_pending<T>(future: impl Future<Output = T>) -> bool {
    let mut future = pin!(future);
    for _ in 0..50 {
        if poll!(&mut future).is_ready() {
            return false;
        }
        task::yield_now().await;
    }
    true
}
