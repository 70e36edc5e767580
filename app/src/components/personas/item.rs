use leptos::prelude::*;
use leptos_router::components::A;
use protocol::conversation::Persona;

use crate::{
    commands::personas::delete_persona,
    components::{Delete, Time},
    messages::Locale,
    text::shortened,
};

/// How many characters of an instruction the list shows.
const INSTRUCTION_CHARS: usize = 160;

/// One persona in the list, with a way to delete it.
#[component]
pub(crate) fn PersonaItem(persona: Persona) -> impl IntoView {
    let locale = Locale::here();
    let (item, deleted) = (NodeRef::new(), RwSignal::new(false));
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
            <Delete id=persona.id item deleted delete=|id| Box::pin(delete_persona(id))/>
        </li>
    }
    .into_any()
}
