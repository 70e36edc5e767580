use leptos::{ev::SubmitEvent, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::messages::Locale;

/// A search field, which goes to the page at `path` with what was asked for as its query.
#[component]
pub(crate) fn Search(
    query: Memo<String>,
    path: &'static str,
    /// What is searched.
    #[prop(into)]
    label: Signal<&'static str>,
) -> impl IntoView {
    let locale = Locale::here();
    let field = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    // The first run must not overwrite what was typed while the page was loading.
    Effect::new(move |before: Option<String>| {
        let now = query.get();
        if before.is_some_and(|before| before != now)
            && let Some(field) = field.get_untracked()
        {
            field.set_value(&now);
        }
        now
    });
    let submitted = move |event: SubmitEvent| {
        let Some(field) = field.get_untracked() else { return };
        event.prevent_default();
        let address = format!("{path}?query={}", encoded(&field.value()));
        navigate(&address, NavigateOptions::default());
    };
    view! {
        <search>
            <form method="get" action=path class="search" on:submit=submitted>
                <input
                    type="search"
                    name="query"
                    aria-label=label
                    placeholder=label
                    value=query.get_untracked()
                    node_ref=field
                />
                <button type="submit" class="quiet">{locale.text(|m| m.search)}</button>
            </form>
        </search>
    }
    .into_any()
}

/// Percent-encodes a query value (RFC 3986). `encodeURIComponent` exists in the browser alone.
pub(crate) fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
