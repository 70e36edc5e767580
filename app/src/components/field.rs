use leptos::prelude::*;
use protocol::Language;

use super::growing_text::GrowingText;
use crate::{
    generation_view::{Field, GenerationView, Phase},
    messages::{Locale, Messages},
};

/// A field of the document: its name, whether it is final, and its text.
#[component]
pub(crate) fn FieldView(
    run: GenerationView,
    field: Field,
    /// The language that was asked for.
    language: Language,
    /// The name for tests and styles.
    name: &'static str,
    /// The name for people.
    label: fn(&'static Messages) -> &'static str,
    /// Whether this field is being written now.
    #[prop(into)]
    is_writing: Signal<bool>,
) -> impl IntoView {
    let locale = Locale::here();
    let mark = move || {
        let messages = locale.messages();
        match run.phase.get() {
            // The status says then that everything is final.
            Phase::Completed => None,
            _ if field.is_final.get() => Some(messages.is_final),
            phase => (phase.is_over() && field.begun.get()).then_some(messages.is_partial),
        }
    };
    view! {
        <section class=format!("field {name}") class:waiting=move || !field.begun.get()>
            <h2 class="label">
                {locale.text(label)} " " <span class="mark">{mark}</span>
            </h2>
            <GrowingText field language testid=name busy=is_writing/>
        </section>
    }
    .into_any()
}
