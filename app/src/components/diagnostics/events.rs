use leptos::prelude::*;

use super::{Probe, span};
use crate::{
    diagnostics::{Gaps, ReceivedEvent},
    messages::Locale,
};

/// The events in the order in which they came: number, text, and the time before each.
#[component]
pub(crate) fn ReceivedEvents() -> impl IntoView {
    let (probe, locale) = (Probe::here(), Locale::here());
    let rows = move || {
        probe.trial.with(|trial| {
            let gaps = Gaps::of(trial).0;
            trial.arrivals.iter().cloned().zip(gaps).enumerate().collect::<Vec<_>>()
        })
    };
    let row =
        move |(_, (ReceivedEvent { number, text, .. }, gap_ms)): (usize, (ReceivedEvent, f64))| {
            view! {
                <li data-testid="message">
                    <span class="number">{number}</span>
                    <span class="text" dir="auto">{text}</span>
                    <span class="gap">"+ " {move || span(locale, gap_ms)}</span>
                </li>
            }
        };
    view! {
        <section
            class="messages"
            aria-label=locale.diagnostics_text(|m| m.events)
            hidden=move || probe.trial.with(|trial| trial.arrivals.is_empty())
        >
            <div class="thread" aria-hidden="true"></div>
            <ol>
                <For each=rows key=|(index, (arrival, _))| (*index, arrival.at_ms.to_bits()) children=row/>
            </ol>
        </section>
    }
    .into_any()
}
