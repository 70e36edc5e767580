use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    components::{A, Outlet},
    hooks::{use_location, use_query_map},
};
use protocol::{
    SearchQuery,
    conversation::{Conversation, Listing},
};

use super::Nothing;
use crate::{
    api_error::ApiError,
    commands::{
        conversations::{fetch_conversation, list_conversations},
        personas::list_personas,
    },
    components::{
        Announcer, LoadError, Pager, Search,
        chat::{AskBox, ConversationItem, Personas, ThreadPanel},
    },
    hooks::{in_time, use_retry},
    messages::Locale,
    thread_view::BegunConversation,
};

type Loaded = Result<Option<Conversation>, ApiError>;
type Listed = Result<Option<Listing>, ApiError>;

/// `/chat` and `/chat/{id}`: the list of conversations, and one of them.
#[component]
pub(crate) fn Chat() -> impl IntoView {
    let path = use_location().pathname;
    let id = Memo::new(move |_| path.with(|path| path.strip_prefix("/chat/").map(str::to_owned)));
    let begun: BegunConversation = expect_context();
    let loaded = Resource::new(move || id.get(), move |id| load(begun, id));
    let personas: Personas = Resource::new(|| (), |()| in_time(list_personas(None)));
    provide_context(personas);
    let address = use_query_map();
    let query = Memo::new(move |_| address.with(|all| all.get("query")).unwrap_or_default());
    let before = Memo::new(move |_| address.with(|all| all.get("before")));
    let listing =
        Resource::new(move || id.get().is_none().then(|| (query.get(), before.get())), list);
    use_retry(loaded);
    use_retry(listing);
    let again = Callback::new(move |()| loaded.refetch());
    let page = move || {
        Suspend::new(async move {
            match loaded.await {
                Ok(Some(conversation)) => Either::Left(thread_of(conversation)),
                Ok(None) => Either::Right(view! { <Start listing query before/> }.into_any()),
                Err(error) if error.is_not_found() => {
                    Either::Right(view! { <Nothing/> }.into_any())
                }
                Err(_) => Either::Right(view! { <LoadError again/> }.into_any()),
            }
        })
    };
    view! {
        <div class="column chat">
            <Transition>{page}</Transition>
        </div>
        <Outlet/>
    }
    .into_any()
}

/// Makes new elements for each conversation, because replies are written into the old ones.
fn thread_of(conversation: Conversation) -> impl IntoView {
    view! {
        <For each=move || [conversation.clone()] key=|all| all.id.clone() let(conversation)>
            <ThreadPanel conversation/>
        </For>
    }
}

async fn load(begun: BegunConversation, id: Option<String>) -> Loaded {
    let Some(id) = id else { return Ok(None) };
    match begun.take(&id) {
        Some(conversation) => Ok(Some(conversation)),
        None => in_time(fetch_conversation(id, None)).await.map(Some),
    }
}

async fn list(wanted: Option<(String, Option<String>)>) -> Listed {
    let Some((query, before)) = wanted else { return Ok(None) };
    in_time(list_conversations(query, before)).await.map(Some)
}

/// Where a conversation begins: a box, and the list of those that there are.
#[component]
fn Start(
    listing: Resource<Listed>,
    query: Memo<String>,
    before: Memo<Option<String>>,
) -> impl IntoView {
    let locale = Locale::here();
    let announcer = Announcer::here();
    let again = Callback::new(move |()| listing.refetch());
    let has_list = StoredValue::new(false);
    let listed = Callback::new(move |length: usize| {
        if has_list.try_update_value(|has_list| std::mem::replace(has_list, true)) == Some(true) {
            announcer.announce((untrack(|| locale.chat()).listed)(length));
        }
    });
    let list = move || {
        Suspend::new(async move {
            match listing.await {
                Ok(listing) => Either::Left(view! {
                    <List
                        listing=listing.unwrap_or_default()
                        query=query.get()
                        first=before.get().is_none()
                        listed
                    />
                }),
                Err(_) => Either::Right(view! { <LoadError again/> }),
            }
        })
    };
    view! {
        <Title text=move || format!("{} · Unspool", locale.chat().name)/>
        <h1 tabindex="-1">{locale.chat_text(|m| m.name)}</h1>
        <p class="lead">{locale.chat_text(|m| m.lead)}</p>
        <AskBox/>
        <section class="conversations" aria-label=locale.chat_text(|m| m.conversations)>
            <div class="list-head">
                <h2>{locale.chat_text(|m| m.conversations)}</h2>
                <A href="/personas">{locale.chat_text(|m| m.personas)}</A>
            </div>
            <Search query path="/chat" label=move || locale.chat().search_label/>
            <Transition>{list}</Transition>
        </section>
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
    let Listing { conversations, next } = listing;
    let length = conversations.len();
    Effect::new(move |_| listed.run(length));
    let is_search = !query.is_empty();
    let nothing = move || {
        let messages = locale.chat();
        if is_search { messages.no_match } else { messages.none }
    };
    let sought = StoredValue::new(SearchQuery::new(&query));
    let items: Vec<_> = conversations
        .into_iter()
        .map(|listed| view! { <ConversationItem listed sought/> })
        .collect();
    view! {
        <ul class="items">{items}</ul>
        <Pager path="/chat" query next first is_empty=length == 0 nothing/>
    }
    .into_any()
}
