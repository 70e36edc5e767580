use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use super::Announcer;
use crate::{browser, hooks::Timer, words::Locale};

/// How long a page that was gone to may take to stand in the place of the last one.
const SETTLE_MS: f64 = 100.0;

/// Says which page was gone to, and leads the focus there when what had it is gone.
#[component]
pub(crate) fn Arrival(main: NodeRef<html::Main>) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let location = use_location();
    let path = location.pathname;
    use_true_address(path, location.search);
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| is_elsewhere(&before, &path)) {
            announcer.say(name_of(&path, locale));
            // Dropped when the reader goes on.
            StoredValue::new_local(Timer::after(SETTLE_MS, move || take_focus(main)));
        }
        path
    });
}

/// Whether the reader has gone somewhere: a summary that begins only gets its address.
fn is_elsewhere(before: &str, path: &str) -> bool {
    path != before && !(before == "/" && path.starts_with("/g/"))
}

fn name_of(path: &str, locale: Locale) -> &'static str {
    let words = locale.words_untracked();
    match path {
        "/" => words.headline,
        "/history" => words.history,
        "/diagnostics" => untrack(|| locale.diagnostics().name),
        _ if path.starts_with("/g/") => words.result,
        _ => words.not_found,
    }
}

fn take_focus(main: NodeRef<html::Main>) {
    if let Some(main) = main.try_get_untracked().flatten().filter(|_| browser::is_focus_lost()) {
        let _ = main.focus();
    }
}

/// Puts the address right. After Back and Forward the router's own list of places lags behind: a
/// link to the last one on it then changes the view, but not the address (leptos_router 0.8.17,
/// `BrowserUrl::complete_navigation`).
fn use_true_address(path: Memo<String>, search: Memo<String>) {
    Effect::new(move |_| {
        let (path, search) = (path.get(), search.get());
        let address = if search.is_empty() { path } else { format!("{path}?{search}") };
        // Dropped when the reader goes on.
        StoredValue::new_local(Timer::after(SETTLE_MS, move || browser::set_address(&address)));
    });
}
