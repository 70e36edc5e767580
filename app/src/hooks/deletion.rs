use leptos::{prelude::*, task::spawn_local};

use super::{deadline::in_time, guards::Planned};
use crate::{
    commands,
    run::{Phase, Run},
};

/// How long after a stop it is looked whether it was a deletion: the one comes before the other.
const SETTLE_MS: f64 = 400.0;

/// Notices when generation `id` was stopped because someone deletes it.
pub(crate) fn use_deletion(run: Run, id: String) {
    Effect::new(move |was_stopped: Option<bool>| {
        let is_stopped = run.phase.with(|phase| *phase == Phase::Stopped);
        if is_stopped && was_stopped == Some(false) {
            let id = id.clone();
            // Dropped when the sheet is left.
            StoredValue::new_local(Planned::after(SETTLE_MS, move || look(run, id)));
        }
        is_stopped
    });
}

fn look(run: Run, id: String) {
    spawn_local(async move {
        if in_time(commands::look(id)).await.is_err_and(|fault| fault.is_not_found()) {
            run.phase.try_set(Phase::Gone);
        }
    });
}
