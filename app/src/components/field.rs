use leptos::prelude::*;
use protocol::Language;

use super::flow::Flow;
use crate::{
    run::{Field, Phase, Run},
    words::{Locale, Words},
};

/// A field of the document: its name, whether it is final, and its text.
#[component]
pub(crate) fn FieldView(
    /// The generation.
    run: Run,
    /// The field.
    field: Field,
    /// The language that was asked for.
    language: Language,
    /// Its name in tests and styles.
    name: &'static str,
    /// Its name for people.
    label: fn(&'static Words) -> &'static str,
    /// Whether it is this field's turn to be written.
    #[prop(into)]
    turn: Signal<bool>,
) -> impl IntoView {
    let locale = Locale::here();
    let mark = move || {
        let words = locale.words();
        match run.phase.get() {
            // All of it is final, then, and the status says so.
            Phase::Completed => None,
            _ if field.is_final.get() => Some(words.is_final),
            phase => (phase.is_over() && field.begun.get()).then_some(words.is_partial),
        }
    };
    view! {
        <section class=format!("field {name}") class:waiting=move || !field.begun.get()>
            <h2 class="label">
                {locale.say(label)} " " <span class="mark">{mark}</span>
            </h2>
            <Flow field language testid=name busy=turn/>
        </section>
    }
    .into_any()
}
