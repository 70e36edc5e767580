use leptos::prelude::*;
use protocol::Timings;
use serde::{Deserialize, Serialize};

use crate::{
    browser,
    run::{Phase, Run},
};

/// Where it is kept.
const KEY: &str = "unspool-timings";
/// Of how many generations, the last ones.
const KEPT: usize = 16;

/// What was measured of a generation.
#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    /// When it was started here, in milliseconds since the Unix epoch.
    begun_ms: Option<f64>,
    /// The time in all is nothing while it runs.
    timings: Timings,
}

/// Keeps what was measured of generation `id`, which was begun here at `begun_ms` or elsewhere, and
/// brings back what was: after a reload, and to other tabs. The server measures only what
/// completes, and tells when that has.
pub(crate) fn use_ledger(run: Run, id: String, begun_ms: Option<f64>) {
    let first_text_ms = Memo::new(move |_| run.figures.with(|figures| figures.first_text_ms));
    let is_over = Memo::new(move |_| run.phase.with(Phase::is_over));
    Effect::new(move |recalled: Option<()>| {
        let (first_text_ms, is_over) = (first_text_ms.get(), is_over.get());
        if recalled.is_none() && begun_ms.is_none() {
            if let Some(known) = entry(&id) {
                run.figures.update(|figures| figures.recall(known.timings));
            }
            return;
        }
        let elapsed_ms = run.figures.with_untracked(|figures| figures.elapsed_ms);
        let total_ms = elapsed_ms.filter(|_| is_over).unwrap_or_default();
        keep(Entry { id: id.clone(), begun_ms, timings: Timings { first_text_ms, total_ms } });
    });
}

/// When generation `id` was started, if that was in this browser.
pub(super) fn begun_ms(id: &str) -> Option<f64> {
    entry(id)?.begun_ms
}

fn entry(id: &str) -> Option<Entry> {
    entries().into_iter().find(|known| known.id == id)
}

fn entries() -> Vec<Entry> {
    let kept = || browser::local()?.get_item(KEY).ok()?;
    kept().and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

fn keep(mut entry: Entry) {
    let mut entries = entries();
    // Another tab may have seen what this one has not.
    if let Some(known) = entries.iter().find(|known| known.id == entry.id) {
        entry.begun_ms = entry.begun_ms.or(known.begun_ms);
        entry.timings.first_text_ms = entry.timings.first_text_ms.or(known.timings.first_text_ms);
    }
    entries.retain(|known| known.id != entry.id);
    entries.insert(0, entry);
    entries.truncate(KEPT);
    if let (Some(storage), Ok(entries)) = (browser::local(), serde_json::to_string(&entries)) {
        let _ = storage.set_item(KEY, &entries);
    }
}
