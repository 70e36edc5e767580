use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use protocol::{Listing, SearchQuery};

use crate::{
    browser, commands,
    components::{Announcer, Archive, HistoryItem, LoadError, Pager, Search},
    hooks::{in_time, return_to_place, use_place_note, use_retry},
    messages::Locale,
};

/// `/history`: past generations, newest first, one page of them at a time.
#[component]
pub(crate) fn History() -> impl IntoView {
    let locale = Locale::here();
    let address = use_query_map();
    let query = Memo::new(move |_| address.with(|all| all.get("query")).unwrap_or_default());
    let before = Memo::new(move |_| address.with(|all| all.get("before")));
    let listing = Resource::new(
        move || (query.get(), before.get()),
        |(query, before)| in_time(commands::list(query, before)),
    );
    use_retry(listing);
    use_place_note("/history");
    let listed = use_listed();
    let again = Callback::new(move |()| listing.refetch());
    let list = move || {
        Suspend::new(async move {
            match listing.await {
                Ok(listing) => Either::Left(view! {
                    <List listing query=query.get() first=before.get().is_none() listed/>
                }),
                Err(_) => Either::Right(view! { <LoadError again/> }),
            }
        })
    };
    view! {
        <Title text=move || format!("{} · Unspool", locale.messages().history)/>
        <div class="column">
            <h1 tabindex="-1">{locale.text(|m| m.history)}</h1>
            <Search query path="/history" label=move || locale.messages().search_label/>
            <Transition>{list}</Transition>
            <Archive/>
        </div>
    }
    .into_any()
}

/// A callback for the length of each list that is shown. A list that replaces another is announced,
/// and gets the focus if the reader was in the old one.
fn use_listed() -> Callback<usize> {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let has_list = StoredValue::new(false);
    Callback::new(move |length| {
        if has_list.get_value() {
            announcer.announce((locale.messages_untracked().listed)(length));
            browser::rescue_focus_at(".items a, .ways a");
        }
        has_list.set_value(true);
    })
}

#[component]
fn List(
    listing: Listing,
    query: String,
    /// Whether it is the newest page.
    first: bool,
    /// Called with the number of items once the list is shown.
    listed: Callback<usize>,
) -> impl IntoView {
    let locale = Locale::here();
    let Listing { generations, next } = listing;
    let length = generations.len();
    Effect::new(move |_| {
        return_to_place();
        listed.run(length);
    });
    let (is_search, is_empty) = (!query.is_empty(), generations.is_empty());
    let nothing = move || {
        let messages = locale.messages();
        if is_search { messages.no_match } else { messages.no_history }
    };
    let sought = StoredValue::new(SearchQuery::new(&query));
    let items: Vec<_> =
        generations.into_iter().map(|listed| view! { <HistoryItem listed sought/> }).collect();
    view! {
        <ul class="items">{items}</ul>
        <Pager path="/history" query next first is_empty nothing/>
    }
    .into_any()
}
