use leptos::prelude::*;
use leptos_router::components::A;
use protocol::conversation::Persona;

use crate::{
    components::{ItemMenu, Time},
    deletions::Deletions,
    messages::Locale,
    text::shortened,
};

/// How many characters of an instruction the list shows.
const INSTRUCTION_CHARS: usize = 160;

/// One persona in the list, with a way to delete it.
#[component]
pub(crate) fn PersonaItem(persona: Persona) -> impl IntoView {
    let locale = Locale::here();
    let (item, deletions) = (NodeRef::new(), Deletions::here());
    let path = format!("/api/personas/{}", persona.id);
    let own = path.clone();
    let deleted = move || deletions.hides(&own);
    let title = persona.name.clone();
    let name = format!("title-{}", persona.id);
    let version = persona.version;
    view! {
        <li class="item" hidden=deleted node_ref=item data-testid="persona">
            <A href=format!("/personas/{}", persona.id) attr:class="item-link">
                <span class="item-title" id=name dir="auto">{persona.name}</span>
                <span class="item-preview" dir="auto">
                    {shortened(&persona.instruction, INSTRUCTION_CHARS)}
                </span>
            </A>
            <p class="item-line">
                <Time epoch_ms=persona.updated_ms/>
                " · " {move || (locale.personas().version)(version)}
            </p>
            <ItemMenu path title item/>
        </li>
    }
    .into_any()
}
