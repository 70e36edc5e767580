use leptos::prelude::*;
use protocol::SearchQuery;

/// A text in which what was searched for is marked.
pub(crate) fn marked(text: &str, sought: StoredValue<SearchQuery>) -> AnyView {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for hit in sought.with_value(|sought| sought.hits(text)) {
        pieces.push(text[at..hit.start].to_owned().into_any());
        at = hit.end;
        pieces.push(view! { <mark>{text[hit].to_owned()}</mark> }.into_any());
    }
    pieces.push(text[at..].to_owned().into_any());
    pieces.into_any()
}
