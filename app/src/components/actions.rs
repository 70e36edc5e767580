use leptos::{ev, prelude::*};
use protocol::{Language, Length};
use web_sys::KeyboardEvent;

use super::hint::Hint;
use crate::{
    hooks::Listener,
    words::{Locale, Words},
    workspace::Workspace,
};

/// The code of keys that belong to an input method (UI Events, section 7.3.1), also where a browser
/// says only afterwards that they did.
const COMPOSING: u32 = 229;

/// Length, language, and one button that starts or stops.
#[component]
pub(crate) fn Actions() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    Effect::new(move |_| {
        StoredValue::new_local(Listener::on("keydown", move |event| keyed(workspace, &event)));
    });
    let runs = move || workspace.running.with(Option::is_some);
    let label = move || {
        let words = locale.words();
        if runs() {
            words.stop
        } else if workspace.is_starting() {
            words.connecting
        } else {
            words.summarise
        }
    };
    let key = move || {
        let words = locale.words();
        if runs() { words.stop_key } else { words.start_keys }
    };
    // Start and stop are the same button: who clicks twice or holds a key wants one of them.
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
            <div class="choices">
                <Lengths/>
                <Languages/>
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
                    <small class="wish">{locale.say(|words| words.stop_waits)}</small>
                </Show>
            </button>
        </div>
    }
    .into_any()
}

/// Ctrl+Enter (or Command+Enter) starts, Escape stops; once, however long it is held.
fn keyed(workspace: Workspace, event: &ev::Event) {
    use wasm_bindgen::JsCast;
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if event.is_composing() || event.key_code() == COMPOSING || event.repeat() {
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
    type Choice = (Length, &'static str, fn(&'static Words) -> &'static str);
    let choices: [Choice; 3] = [
        (Length::Short, "short", |words| words.short),
        (Length::Medium, "medium", |words| words.medium),
        (Length::Long, "long", |words| words.long),
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
                <span>{locale.say(label)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="lengths">
            <legend class="visually-hidden">{locale.say(|words| words.length)}</legend>
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
            aria-label=locale.say(|words| words.language)
            prop:value=value
            on:change=chosen
        >
            <option value="auto">{locale.say(|words| words.same_language)}</option>
            <option value="en" lang="en">"English"</option>
            <option value="zh" lang="zh-CN">"中文"</option>
        </select>
    }
    .into_any()
}
