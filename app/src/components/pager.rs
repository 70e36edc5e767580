use leptos::prelude::*;
use leptos_router::components::A;

use super::search::encoded;
use crate::messages::Locale;

/// The foot of a list that comes in pages: what there is when it is empty, and the ways to other pages.
#[component]
pub(crate) fn Pager(
    /// The page's path.
    path: &'static str,
    /// What was searched for; none where nothing can be.
    #[prop(optional, into)]
    query: Option<String>,
    /// What to pass as `before` for the next page; none at the end.
    next: Option<String>,
    /// Whether it is the newest page.
    first: bool,
    /// Whether the list has no items.
    is_empty: bool,
    /// Says that there is nothing.
    #[prop(into)]
    nothing: Signal<&'static str>,
) -> impl IntoView {
    let locale = Locale::here();
    let query = query.unwrap_or_default();
    let (is_search, is_all) = (!query.is_empty(), first && next.is_none());
    let query = encoded(&query);
    let older = next.map(|next| {
        let href = format!("{path}?query={query}&before={}", encoded(&next));
        view! { <A href>{locale.text(|m| m.older)}</A> }
    });
    let newest = (!first).then(|| {
        let href = format!("{path}?query={query}");
        view! { <A href>{locale.text(|m| m.newest)}</A> }
    });
    let all = is_search.then(|| view! { <A href=path>{locale.text(|m| m.all)}</A> });
    // The sentence also appears when the reader has deleted all items, by a rule in the style
    // sheet.
    let nothing = (is_empty || is_all).then(|| view! { <p class="nothing">{nothing}</p> });
    view! {
        {nothing}
        <p class="ways">{all} {newest} {older}</p>
    }
    .into_any()
}
