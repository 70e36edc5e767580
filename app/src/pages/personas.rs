use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use protocol::conversation::PersonaListing;

use crate::{
    commands::personas::list_personas,
    components::{
        LoadError, Pager,
        personas::{CreateForm, PersonaItem},
    },
    hooks::{in_time, use_retry},
    messages::Locale,
};

/// `/personas`: who can answer in conversations.
#[component]
pub(crate) fn Personas() -> impl IntoView {
    let locale = Locale::here();
    let address = use_query_map();
    let before = Memo::new(move |_| address.with(|all| all.get("before")));
    let listing = Resource::new(move || before.get(), |before| in_time(list_personas(before)));
    use_retry(listing);
    let again = Callback::new(move |()| listing.refetch());
    let list = move || {
        Suspend::new(async move {
            match listing.await {
                Ok(listing) => Either::Left(view! { <List listing first=before.get().is_none()/> }),
                Err(_) => Either::Right(view! { <LoadError again/> }),
            }
        })
    };
    view! {
        <Title text=move || format!("{} · Unspool", locale.personas().name)/>
        <div class="column persona-page">
            <h1 tabindex="-1">{locale.personas_text(|m| m.name)}</h1>
            <p class="lead">{locale.personas_text(|m| m.lead)}</p>
            <Transition>{list}</Transition>
            <CreateForm/>
        </div>
    }
    .into_any()
}

#[component]
fn List(
    listing: PersonaListing,
    /// Whether it is the newest page.
    first: bool,
) -> impl IntoView {
    let locale = Locale::here();
    let PersonaListing { personas, next } = listing;
    let is_empty = personas.is_empty();
    let items: Vec<_> =
        personas.into_iter().map(|persona| view! { <PersonaItem persona/> }).collect();
    view! {
        <ul class="items">{items}</ul>
        <Pager
            path="/personas"
            next
            first
            is_empty
            nothing=move || locale.personas().none
        />
    }
    .into_any()
}
