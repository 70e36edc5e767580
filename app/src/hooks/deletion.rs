use leptos::{prelude::*, task::spawn_local};

use super::{deadline::in_time, pause::pause};
use crate::{
    commands,
    run::{Phase, Run},
};

/// How long it is waited before each look whether a stop was a deletion. The stop comes first; what
/// it stopped is gone a moment later, or where the server has much to do, some seconds.
const LOOKS_MS: [f64; 2] = [400.0, 5_600.0];

/// Notices when generation `id` was stopped because someone deletes it.
pub(crate) fn use_deletion(run: Run, id: String) {
    Effect::new(move |was_stopped: Option<bool>| {
        let is_stopped = run.phase.with(|phase| *phase == Phase::Stopped);
        if is_stopped && was_stopped == Some(false) {
            spawn_local(look(run, id.clone()));
        }
        is_stopped
    });
}

async fn look(run: Run, id: String) {
    for wait_ms in LOOKS_MS {
        pause(wait_ms).await;
        // The sheet may have been left.
        if run.phase.try_get_untracked() != Some(Phase::Stopped) {
            return;
        }
        if in_time(commands::fetch_snapshot(id.clone()))
            .await
            .is_err_and(|fault| fault.is_not_found())
        {
            run.phase.try_set(Phase::Gone);
            return;
        }
    }
}
