use leptos::{either::Either, ev::SubmitEvent, html, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_query_map},
};
use protocol::Listing;

use crate::{
    browser, commands,
    components::{Announcer, HistoryItem, LoadError},
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
            <Search query/>
            <Transition>{list}</Transition>
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
fn Search(query: Memo<String>) -> impl IntoView {
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
        let path = format!("/history?query={}", encoded(&field.value()));
        navigate(&path, NavigateOptions::default());
    };
    view! {
        <search>
            <form method="get" action="/history" class="search" on:submit=submitted>
                <input
                    type="search"
                    name="query"
                    aria-label=locale.text(|m| m.search_label)
                    placeholder=locale.text(|m| m.search_label)
                    value=query.get_untracked()
                    node_ref=field
                />
                <button type="submit" class="quiet">{locale.text(|m| m.search)}</button>
            </form>
        </search>
    }
    .into_any()
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
    let (is_search, is_all) = (!query.is_empty(), first && next.is_none());
    let query = encoded(&query);
    let older = next.map(|next| {
        let href = format!("/history?query={query}&before={}", encoded(&next));
        view! { <A href>{locale.text(|m| m.older)}</A> }
    });
    let newest = (!first).then(|| {
        let href = format!("/history?query={query}");
        view! { <A href>{locale.text(|m| m.newest)}</A> }
    });
    let all = is_search.then(|| view! { <A href="/history">{locale.text(|m| m.all)}</A> });
    // The sentence also appears when the reader has deleted all items, by a rule in the style
    // sheet.
    let nothing = (generations.is_empty() || is_all).then(|| {
        let sentence = move || {
            let messages = locale.messages();
            if is_search { messages.no_match } else { messages.no_history }
        };
        view! { <p class="nothing">{sentence}</p> }
    });
    let items: Vec<_> =
        generations.into_iter().map(|listed| view! { <HistoryItem listed/> }).collect();
    view! {
        <ul class="items">{items}</ul>
        {nothing}
        <p class="ways">{all} {newest} {older}</p>
    }
    .into_any()
}

/// Percent-encodes a query value (RFC 3986). `encodeURIComponent` exists in the browser alone.
fn encoded(value: &str) -> String {
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
