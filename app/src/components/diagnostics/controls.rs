use leptos::{ev::SubmitEvent, html, prelude::*};

use super::Probe;
use crate::{
    diagnostics::{Phase, Plan, Trial},
    words::Locale,
};

/// How many, how fast and what; start or stop, and cut.
#[component]
pub(crate) fn Controls() -> impl IntoView {
    let (probe, locale) = (Probe::here(), Locale::here());
    let (count, delay, message) = (NodeRef::<html::Input>::new(), NodeRef::new(), NodeRef::new());
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        if probe.trial.with_untracked(Trial::runs) {
            return probe.stop();
        }
        if let Some(plan) = plan(count, delay, message) {
            probe.start(plan);
        }
    };
    let runs = move || probe.trial.with(Trial::runs);
    let word = move || {
        let words = locale.diagnostics();
        match probe.trial.with(|trial| trial.phase) {
            Phase::Idle => words.start,
            Phase::Running => words.stop,
            Phase::Over => words.again,
        }
    };
    let plan = Plan::default();
    view! {
        <form class="trial" on:submit=submitted>
            <fieldset disabled=runs>
                <label>
                    <span class="label">{locale.tell(|words| words.count)}</span>
                    <input
                        type="number" name="count" min="1" max="100" step="1" required
                        value=plan.count.to_string() node_ref=count
                    />
                </label>
                <label>
                    <span class="label">{locale.tell(|words| words.delay)}</span>
                    <input
                        type="number" name="delay" min="0.1" max="5" step="0.1" required
                        value=(plan.delay_ms / 1_000.0).to_string() node_ref=delay
                    />
                </label>
                <label class="wide">
                    <span class="label">{locale.tell(|words| words.message)}</span>
                    <input
                        type="text" name="message" maxlength="200" autocomplete="off" dir="auto"
                        value=locale.tell(|words| words.sample) node_ref=message
                    />
                </label>
            </fieldset>
            <div class="trial-buttons">
                <button
                    type="submit"
                    class="primary scripted"
                    class:stop=runs
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
                    {locale.tell(|words| words.cut)}
                </button>
            </div>
            <noscript>
                <a href="/stream" rel="external">{locale.tell(|words| words.needs_script)}</a>
            </noscript>
        </form>
    }
    .into_any()
}

/// What the form asks for, which the browser has checked.
fn plan(
    count: NodeRef<html::Input>,
    delay: NodeRef<html::Input>,
    message: NodeRef<html::Input>,
) -> Option<Plan> {
    let delay_s: f64 = delay.get_untracked()?.value().parse().ok()?;
    Some(Plan {
        count: count.get_untracked()?.value().parse().ok()?,
        delay_ms: delay_s * 1_000.0,
        message: message.get_untracked()?.value(),
    })
}
