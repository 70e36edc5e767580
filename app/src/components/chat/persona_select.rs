use leptos::{ev, prelude::*};
use protocol::conversation::PersonaListing;

use crate::{api_error::ApiError, messages::Locale, thread_view::ThreadView};

/// The personas that there are, in the context of the conversation pages.
pub(crate) type Personas = Resource<Result<PersonaListing, ApiError>>;

/// Chooses who answers. Nothing is shown where there is no choice.
#[component]
pub(super) fn PersonaSelect() -> impl IntoView {
    let personas: Personas = expect_context();
    let select = move || {
        Suspend::new(async move {
            let listing = personas.await.unwrap_or_default();
            (!listing.personas.is_empty()).then(|| view! { <Options listing/> })
        })
    };
    view! { <Transition>{select}</Transition> }.into_any()
}

#[component]
fn Options(listing: PersonaListing) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let chosen = move |event: ev::Event| view.persona.set(event_target_value(&event));
    let current = view.persona.get_untracked();
    let options: Vec<_> = listing
        .personas
        .into_iter()
        .map(|persona| {
            let selected = persona.id == current;
            view! { <option value=persona.id selected=selected>{persona.name}</option> }
        })
        .collect();
    view! {
        <label class="persona-choice">
            <span class="label">{locale.chat_text(|m| m.persona)}</span>
            <select name="persona_id" prop:value=view.persona on:change=chosen>
                <option value="">{locale.chat_text(|m| m.no_persona)}</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}
