use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use protocol::conversation::NewPersona;

use super::field::{NameField, TextField, name_in, text_in};
use crate::{
    api_error::ApiError, commands::personas::create_persona, components::Hint, hooks::in_time,
    messages::Locale,
};

/// Makes a persona and leads to its page.
#[component]
pub(crate) fn CreateForm() -> impl IntoView {
    let locale = Locale::here();
    let (name, instruction) = (NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
    let hint = RwSignal::new(String::new());
    let navigate = use_navigate();
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        let messages = untrack(|| locale.personas());
        let Some(name) = name_in(name) else { return hint.set(messages.name_blank.to_owned()) };
        let persona = NewPersona { name, instruction: text_in(instruction) };
        let navigate = navigate.clone();
        spawn_local(async move {
            match in_time(create_persona(persona)).await {
                Ok(persona) => {
                    navigate(&format!("/personas/{}", persona.id), NavigateOptions::default());
                }
                Err(error) => {
                    hint.try_set(why(error, messages.not_saved));
                }
            }
        });
    };
    view! {
        <form class="form scripted" prop:noValidate=true on:submit=submitted>
            <h2>{locale.personas_text(|m| m.new)}</h2>
            <NameField text=String::new() node=name/>
            <TextField
                name="instruction"
                label=|m| m.instruction_label
                hint=|m| m.instruction_hint
                text=String::new()
                node=instruction
            />
            <div class="form-foot">
                <button type="submit" class="primary">{locale.personas_text(|m| m.create)}</button>
                <Hint sentence=hint/>
            </div>
        </form>
    }
    .into_any()
}

/// Why something was not saved: as the server says it, where it has said anything.
pub(super) fn why(error: ApiError, otherwise: &str) -> String {
    match error {
        ApiError::Refused(problem) if problem.status < 500 => problem.detail,
        _ => otherwise.to_owned(),
    }
}
