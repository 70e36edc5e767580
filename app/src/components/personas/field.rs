use leptos::{html, prelude::*};

use crate::messages::{Locale, PersonaMessages};

/// A labelled field of several lines.
#[component]
pub(super) fn TextField(
    name: &'static str,
    label: fn(&'static PersonaMessages) -> &'static str,
    hint: fn(&'static PersonaMessages) -> &'static str,
    text: String,
    node: NodeRef<html::Textarea>,
) -> impl IntoView {
    let locale = Locale::here();
    let hint_id = format!("{name}-hint");
    view! {
        <label>
            <span>{locale.personas_text(label)}</span>
            <textarea name=name dir="auto" aria-describedby=hint_id.clone() node_ref=node>
                {text}
            </textarea>
            <span class="label" id=hint_id>{locale.personas_text(hint)}</span>
        </label>
    }
    .into_any()
}

/// A labelled field for a persona's name.
#[component]
pub(super) fn NameField(text: String, node: NodeRef<html::Input>) -> impl IntoView {
    let locale = Locale::here();
    view! {
        <label>
            <span>{locale.personas_text(|m| m.name_label)}</span>
            <input type="text" name="name" dir="auto" required value=text node_ref=node/>
        </label>
    }
    .into_any()
}

/// What is in a field of several lines.
pub(super) fn text_in(node: NodeRef<html::Textarea>) -> String {
    node.get_untracked().map(|field| field.value()).unwrap_or_default()
}

/// The name in a field, unless it is blank.
pub(super) fn name_in(node: NodeRef<html::Input>) -> Option<String> {
    let name = node.get_untracked().map(|field| field.value().trim().to_owned())?;
    (!protocol::is_blank(&name)).then_some(name)
}
