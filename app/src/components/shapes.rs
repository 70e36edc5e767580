use leptos::{ev, prelude::*};

use crate::{
    messages::Locale,
    workspace::{ShapeName, Workspace},
};

/// What is to be written: the choice of a shape.
#[component]
pub(crate) fn Shapes() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let option = |name: ShapeName| {
        let label = move || name.label(locale.0.get(), locale.messages());
        // Without JavaScript there is no box for fields of one's own.
        let class = if name == ShapeName::OWN { "scripted" } else { "" };
        view! { <option value=name.as_str() class=class>{label}</option> }
    };
    view! {
        <select
            name="shape"
            aria-label=locale.text(|m| m.shape)
            data-testid="shape"
            prop:value=move || workspace.shape.get().as_str()
            on:change=move |event: ev::Event| {
                workspace.shape.set(ShapeName::of(&event_target_value(&event)));
            }
        >
            {ShapeName::all().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// The box for the fields of one's own, as long as they are chosen.
#[component]
pub(crate) fn OwnShape() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    view! {
        <label class="own-shape" hidden=move || workspace.shape.get() != ShapeName::OWN>
            <span class="label">{locale.text(|m| m.own_schema)}</span>
            <textarea
                rows="6"
                spellcheck="false"
                autocomplete="off"
                data-testid="schema"
                prop:value=workspace.schema
                on:input=move |event| workspace.write_schema(event_target_value(&event))
            ></textarea>
        </label>
    }
    .into_any()
}
