use leptos::prelude::*;
use protocol::Timings;

use crate::{
    browser,
    run::{Phase, Run},
};

/// Where it is kept.
const KEY: &str = "unspool-timings";
/// Of how many generations, the last ones.
const KEPT: usize = 16;

/// Keeps what was measured of generation `id`, and brings back what was: after a reload, and to
/// other tabs. The server measures only what completes, and tells when that has.
pub(crate) fn use_ledger(run: Run, id: String) {
    let first_text_ms = Memo::new(move |_| run.figures.with(|figures| figures.first_text_ms));
    let is_over = Memo::new(move |_| run.phase.with(Phase::is_over));
    Effect::new(move |begun: Option<()>| {
        let (first_text_ms, is_over) = (first_text_ms.get(), is_over.get());
        if begun.is_none() {
            let known = entries().into_iter().find(|(known, _)| *known == id);
            if let Some((_, timings)) = known {
                run.figures.update(|figures| figures.recall(timings));
            }
            return;
        }
        let elapsed_ms = run.figures.with_untracked(|figures| figures.elapsed_ms);
        keep(&id, Timings { first_text_ms, total_ms: if is_over { elapsed_ms } else { 0 } });
    });
}

/// Ids, and what was measured: in all nothing while the generation runs.
fn entries() -> Vec<(String, Timings)> {
    let kept = || browser::local()?.get_item(KEY).ok()?;
    kept().and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

fn keep(id: &str, mut timings: Timings) {
    let mut entries = entries();
    // Another tab may have seen what this one has not.
    if let Some((_, known)) = entries.iter().find(|(known, _)| known == id) {
        timings.first_text_ms = timings.first_text_ms.or(known.first_text_ms);
    }
    entries.retain(|(known, _)| known != id);
    entries.insert(0, (id.to_owned(), timings));
    entries.truncate(KEPT);
    if let (Some(storage), Ok(entries)) = (browser::local(), serde_json::to_string(&entries)) {
        let _ = storage.set_item(KEY, &entries);
    }
}
