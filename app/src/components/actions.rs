use leptos::{ev, prelude::*};
use protocol::{Language, Length};
use web_sys::KeyboardEvent;

use super::{
    composing::is_composing,
    hint::Hint,
    model_select::ModelSelect,
    shapes::{OwnShape, Shapes},
};
use crate::{
    hooks::Listener,
    messages::{Locale, Messages},
    workspace::Workspace,
};

/// Length, language, and one button that starts or stops.
#[component]
pub(crate) fn Actions() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    Effect::new(move |_| {
        StoredValue::new_local(Listener::on("keydown", move |event| keyed(workspace, &event)));
    });
    let runs = move || workspace.running.with(Option::is_some);
    let label = move || {
        let messages = locale.messages();
        if runs() {
            messages.stop
        } else if workspace.is_starting() {
            messages.connecting
        } else {
            messages.summarise
        }
    };
    let key = move || {
        let messages = locale.messages();
        if runs() { messages.stop_key } else { messages.start_keys }
    };
    // The same button starts and stops, so a double click or a held key must count once.
    let once = |event: ev::MouseEvent| {
        if event.detail() > 1 {
            event.prevent_default();
        }
    };
    let held = |event: KeyboardEvent| {
        if event.repeat() && event.key() == "Enter" {
            event.prevent_default();
        }
    };
    view! {
        <div class="actions" on:keydown=held>
            <Hint sentence=workspace.hint/>
            <OwnShape/>
            <div class="choices">
                <Shapes/>
                <Lengths/>
                <Languages/>
                <ModelSelect/>
            </div>
            <button
                type="submit"
                class="primary"
                class:stop=runs
                node_ref=workspace.button
                class:waits=move || workspace.is_stopping()
                data-testid="summarise"
                disabled=move || workspace.is_starting() || (!runs() && workspace.is_over_limit())
                aria-keyshortcuts=move || if runs() { "Escape" } else { "Control+Enter" }
                aria-describedby="hint"
                on:click=once
            >
                <span>{label}</span>
                <kbd class="scripted" aria-hidden="true">{key}</kbd>
                <Show when=move || workspace.is_stopping()>
                    <small class="wish">{locale.text(|m| m.stop_waits)}</small>
                </Show>
            </button>
        </div>
    }
    .into_any()
}

/// Ctrl+Enter (or Command+Enter) starts, Escape stops. A key that is held counts once.
fn keyed(workspace: Workspace, event: &ev::Event) {
    use wasm_bindgen::JsCast;
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if is_composing(event) || event.repeat() {
        return;
    }
    let runs = workspace.running.with_untracked(Option::is_some);
    match event.key().as_str() {
        "Enter" if (event.ctrl_key() || event.meta_key()) && !runs => {
            event.prevent_default();
            workspace.start();
        }
        "Escape" if runs && !event.default_prevented() => workspace.stop(),
        _ => {}
    }
}

#[component]
fn Lengths() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    type Choice = (Length, &'static str, fn(&'static Messages) -> &'static str);
    let choices: [Choice; 3] = [
        (Length::Short, "short", |m| m.short),
        (Length::Medium, "medium", |m| m.medium),
        (Length::Long, "long", |m| m.long),
    ];
    let radio = |(length, value, label): Choice| {
        view! {
            <label>
                <input
                    type="radio"
                    name="length"
                    value=value
                    checked=length == Length::default()
                    prop:checked=move || workspace.length.get() == length
                    on:change=move |_| workspace.length.set(length)
                />
                <span>{locale.text(label)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="lengths">
            <legend class="visually-hidden">{locale.text(|m| m.length)}</legend>
            {choices.map(radio).collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Languages() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let chosen = move |event: ev::Event| {
        workspace.language.set(match event_target_value(&event).as_str() {
            "en" => Language::English,
            "zh" => Language::Chinese,
            _ => Language::Auto,
        });
    };
    let value = move || match workspace.language.get() {
        Language::Auto => "auto",
        Language::English => "en",
        Language::Chinese => "zh",
    };
    view! {
        <select
            name="language"
            aria-label=locale.text(|m| m.language)
            prop:value=value
            on:change=chosen
        >
            <option value="auto">{locale.text(|m| m.same_language)}</option>
            <option value="en" lang="en">"English"</option>
            <option value="zh" lang="zh-CN">"中文"</option>
        </select>
    }
    .into_any()
}
