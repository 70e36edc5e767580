use leptos::prelude::*;
use protocol::Timings;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use crate::{
    browser,
    generation_view::{GenerationView, Phase},
};

type Store = fn() -> Option<Storage>;

/// Under which name it is kept.
const KEY: &str = "unspool-timings";
/// Where it is kept: in the tab, so that no figure changes that a reader has seen there, and for
/// all tabs.
const STORES: [Store; 2] = [browser::session, browser::local];
/// Of how many generations, the last ones.
const KEPT: usize = 16;

/// What was measured of a generation.
#[derive(Clone, Serialize, Deserialize)]
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
pub(crate) fn use_timings_cache(run: GenerationView, id: String, begun_ms: Option<f64>) {
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
        let timings = Timings { first_text_ms, total_ms, ..Timings::default() };
        keep(&Entry { id: id.clone(), begun_ms, timings });
    });
}

/// When generation `id` was started, if that was in this browser.
pub(super) fn begun_ms(id: &str) -> Option<f64> {
    entry(id)?.begun_ms
}

fn entry(id: &str) -> Option<Entry> {
    let find = |store| entries(store).into_iter().find(|known| known.id == id);
    match STORES.map(find) {
        [Some(own), Some(shared)] => Some(own.or(&shared)),
        [own, shared] => own.or(shared),
    }
}

fn keep(entry: &Entry) {
    for store in STORES {
        let mut entries = entries(store);
        let known = entries.extract_if(.., |known| known.id == entry.id).next();
        entries.insert(0, known.map_or_else(|| entry.clone(), |known| entry.clone().or(&known)));
        entries.truncate(KEPT);
        if let (Some(storage), Ok(entries)) = (store(), serde_json::to_string(&entries)) {
            let _ = storage.set_item(KEY, &entries);
        }
    }
}

fn entries(store: Store) -> Vec<Entry> {
    let kept = || store()?.get_item(KEY).ok()?;
    kept().and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

impl Entry {
    /// This, and what only `other` knows.
    fn or(mut self, other: &Self) -> Self {
        self.begun_ms = self.begun_ms.or(other.begun_ms);
        self.timings.first_text_ms = self.timings.first_text_ms.or(other.timings.first_text_ms);
        if self.timings.total_ms == 0 {
            self.timings.total_ms = other.timings.total_ms;
        }
        self
    }
}
