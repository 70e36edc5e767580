use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use super::Announcer;
use crate::{browser, hooks::Timer, messages::Locale};

/// How long the router may take to replace the last page after the address has changed.
const ROUTING_MS: f64 = 100.0;

/// Announces the page that the reader has gone to. It gets the focus when the element that had it
/// is gone.
#[component]
pub(crate) fn RouteAnnouncer(main: NodeRef<html::Main>) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let location = use_location();
    let path = location.pathname;
    use_true_address(path, location.search);
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| is_elsewhere(&before, &path)) {
            announcer.announce(name_of(&path, locale));
            // The timer is cancelled when the reader goes on.
            StoredValue::new_local(Timer::after(ROUTING_MS, move || take_focus(main)));
        }
        path
    });
}

/// Whether the reader went to another page. When a summary starts, only the address changes.
fn is_elsewhere(before: &str, path: &str) -> bool {
    let begins = |start: &str, page: &str| before == start && path.starts_with(page);
    path != before && !begins("/", "/g/") && !begins("/chat", "/chat/")
}

fn name_of(path: &str, locale: Locale) -> &'static str {
    let messages = locale.messages_untracked();
    match path {
        "/" => messages.headline,
        "/history" => messages.history,
        "/diagnostics" => untrack(|| locale.diagnostics().name),
        _ if path == "/chat" || path.starts_with("/chat/") => untrack(|| locale.chat().name),
        _ if path == "/personas" || path.starts_with("/personas/") => {
            untrack(|| locale.personas().name)
        }
        _ if path.starts_with("/g/") => messages.result,
        _ => messages.not_found,
    }
}

fn take_focus(main: NodeRef<html::Main>) {
    if let Some(main) = main.try_get_untracked().flatten().filter(|_| browser::is_focus_lost()) {
        let _ = main.focus();
    }
}

/// Corrects the address. After Back and Forward the router's own stack lags behind: a link to the
/// path on its top then changes the view, but not the address (leptos_router 0.8.17,
/// `BrowserUrl::complete_navigation`).
fn use_true_address(path: Memo<String>, search: Memo<String>) {
    Effect::new(move |_| {
        let (path, search) = (path.get(), search.get());
        let address = if search.is_empty() { path } else { format!("{path}?{search}") };
        // The timer is cancelled when the reader goes on.
        StoredValue::new_local(Timer::after(ROUTING_MS, move || browser::set_address(&address)));
    });
}
