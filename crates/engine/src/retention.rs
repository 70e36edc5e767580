use std::{sync::Arc, time::Duration};

use store::{Error, Pruned, Retention};
use tokio::time::interval;

use crate::engine::{Shared, now_ms};

/// How often the past is pruned.
const PRUNING: Duration = Duration::from_secs(600);

/// Removes what is older, or more, than is kept: now and every so often, until the server closes
/// down.
pub(crate) async fn keep(shared: Arc<Shared>, keep: Retention) {
    let mut rounds = interval(PRUNING);
    let mut clock_was_doubted = false;
    loop {
        tokio::select! {
            () = shared.draining.cancelled() => return,
            _ = rounds.tick() => {}
        }
        match prune(&shared, keep).await {
            Ok(Pruned { removed, clock_is_doubted }) => {
                if removed > 0 {
                    tracing::info!(removed, "removed old generations");
                }
                if clock_is_doubted && !clock_was_doubted {
                    tracing::warn!(
                        "the clock is far ahead of when this data was last used: for three days, \
                         ages are counted from then; set the clock right if it is wrong, or old \
                         generations will be removed"
                    );
                }
                clock_was_doubted = clock_is_doubted;
            }
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "old generations could not be removed"
                );
            }
        }
    }
}

async fn prune(shared: &Shared, keep: Retention) -> Result<Pruned, Error> {
    let mut pruned = Pruned { removed: 0, clock_is_doubted: false };
    while !shared.draining.is_cancelled() {
        let Pruned { removed, clock_is_doubted } = shared.store.prune(keep, now_ms()).await?;
        pruned.clock_is_doubted = clock_is_doubted;
        if removed == 0 {
            break;
        }
        pruned.removed += removed;
    }
    Ok(pruned)
}
