use leptos::prelude::*;
use protocol::SearchQuery;

/// A text in which what was searched for is marked.
#[component]
pub(crate) fn Marked(
    text: String,
    /// What was searched for.
    query: String,
) -> impl IntoView {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for hit in SearchQuery::new(&query).hits(&text) {
        pieces.push(text[at..hit.start].to_owned().into_any());
        at = hit.end;
        pieces.push(view! { <mark>{text[hit].to_owned()}</mark> }.into_any());
    }
    pieces.push(text[at..].to_owned().into_any());
    pieces.collect_view().into_any()
}
