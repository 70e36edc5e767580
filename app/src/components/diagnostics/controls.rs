use leptos::{ev::SubmitEvent, html, prelude::*};

use super::Probe;
use crate::{
    browser,
    diagnostics::{Phase, Plan, Trial},
    messages::Locale,
};

/// The fields of the form.
#[derive(Clone, Copy, Default)]
struct Inputs {
    count: NodeRef<html::Input>,
    delay: NodeRef<html::Input>,
    text: NodeRef<html::Input>,
}

impl Inputs {
    /// The plan that they hold. The browser has validated them.
    fn plan(self) -> Option<Plan> {
        Some(Plan {
            count: self.count.get_untracked()?.value().parse().ok()?,
            delay_ms: self.delay.get_untracked()?.value_as_number() * 1_000.0,
            text: self.text.get_untracked()?.value(),
        })
    }
}

/// The form that starts, stops and cuts the connection.
#[component]
pub(crate) fn Controls() -> impl IntoView {
    let (probe, locale) = (Probe::here(), Locale::here());
    let (inputs, button) = (Inputs::default(), NodeRef::<html::Button>::new());
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        if probe.trial.with_untracked(Trial::runs) {
            return probe.stop();
        }
        if let Some(plan) = inputs.plan() {
            probe.start(plan);
            // The fields are disabled while the trial runs, so the focus moves to the button.
            browser::focus(button);
        }
    };
    view! {
        <form class="trial" on:submit=submitted>
            <Fields inputs/>
            <Buttons first=button/>
            <noscript>
                <a href="/stream" rel="external">{locale.diagnostics_text(|m| m.needs_script)}</a>
            </noscript>
        </form>
    }
    .into_any()
}

#[component]
fn Fields(inputs: Inputs) -> impl IntoView {
    let (probe, locale) = (Probe::here(), Locale::here());
    let plan = Plan::default();
    view! {
        <fieldset disabled=move || probe.trial.with(Trial::runs)>
            <label>
                <span class="label">{locale.diagnostics_text(|m| m.count)}</span>
                <input
                    type="number" name="count" min="1" max="100" step="1" required
                    value=plan.count.to_string() node_ref=inputs.count
                />
            </label>
            <label>
                <span class="label">{locale.diagnostics_text(|m| m.delay)}</span>
                <input
                    type="number" name="delay" min="0.1" max="5" step="0.1" required
                    value=(plan.delay_ms / 1_000.0).to_string() node_ref=inputs.delay
                />
            </label>
            <label class="wide">
                <span class="label">{locale.diagnostics_text(|m| m.event_text)}</span>
                <input
                    type="text" name="message" maxlength="200" autocomplete="off" dir="auto"
                    value=locale.diagnostics_text(|m| m.sample) node_ref=inputs.text
                />
            </label>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Buttons(first: NodeRef<html::Button>) -> impl IntoView {
    let (probe, locale) = (Probe::here(), Locale::here());
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let runs = move || probe.trial.with(Trial::runs);
    let word = move || {
        let messages = locale.diagnostics();
        match probe.trial.with(|trial| trial.phase) {
            Phase::Idle => messages.start,
            Phase::Running => messages.stop,
            Phase::Over => messages.again,
        }
    };
    view! {
        <div class="trial-buttons">
            <button
                type="submit"
                class="primary scripted"
                class:stop=runs
                node_ref=first
                disabled=move || !is_alive.get()
                data-testid="start"
            >
                {word}
            </button>
            <button
                type="button"
                class="quiet scripted"
                disabled=move || !runs()
                data-testid="cut"
                on:click=move |_| probe.cut()
            >
                {locale.diagnostics_text(|m| m.cut)}
            </button>
        </div>
    }
    .into_any()
}
