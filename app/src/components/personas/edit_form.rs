use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use protocol::conversation::{ChangePersona, Persona};

use super::{
    create_form::why,
    field::{NameField, TextField, name_in, text_in},
};
use crate::{
    commands::personas::update_persona,
    components::{Announcer, Hint},
    hooks::in_time,
    messages::Locale,
};

/// Edits a persona. What is saved is a new version.
#[component]
pub(crate) fn EditForm(
    persona: Persona,
    /// Called with the persona once it has changed.
    changed: Callback<Persona>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let Persona { id, name, instruction, profile, .. } = persona;
    let nodes = (
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Textarea>::new(),
        NodeRef::<html::Textarea>::new(),
    );
    let hint = RwSignal::new(String::new());
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        let messages = untrack(|| locale.personas());
        let Some(name) = name_in(nodes.0) else { return hint.set(messages.name_blank.to_owned()) };
        let change = ChangePersona {
            name: Some(name),
            instruction: Some(text_in(nodes.1)),
            profile: Some(text_in(nodes.2)),
        };
        let id = id.clone();
        hint.set(String::new());
        spawn_local(async move {
            match in_time(update_persona(id, change)).await {
                Ok(persona) => {
                    announcer.announce(messages.saved);
                    changed.run(persona);
                }
                Err(error) => {
                    hint.try_set(why(error, messages.not_saved));
                }
            }
        });
    };
    view! {
        <form class="form" prop:noValidate=true on:submit=submitted data-testid="edit-persona">
            <NameField text=name node=nodes.0/>
            <TextField
                name="instruction"
                label=|m| m.instruction_label
                hint=|m| m.instruction_hint
                text=instruction
                node=nodes.1
            />
            <TextField
                name="profile"
                label=|m| m.profile_label
                hint=|m| m.profile_hint
                text=profile
                node=nodes.2
            />
            <div class="form-foot scripted">
                <button type="submit" class="primary">{locale.personas_text(|m| m.save)}</button>
                <Hint sentence=hint/>
            </div>
        </form>
    }
    .into_any()
}
