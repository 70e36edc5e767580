use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::diagnostics::{Controls, PlotView, Probe, ReceivedEvents, VerdictView},
    messages::Locale,
};

/// `/diagnostics`: shows how events pass through the network between the server and the reader.
#[component]
pub(crate) fn Diagnostics() -> impl IntoView {
    let locale = Locale::here();
    let probe = Probe::new();
    provide_context(probe);
    view! {
        <Title text=move || format!("{} · Unspool", locale.diagnostics().name)/>
        <div class="column diagnostics">
            <h1>{locale.diagnostics_text(|m| m.name)}</h1>
            <p class="lead">{locale.diagnostics_text(|m| m.lead)}</p>
            <Controls/>
            <section class="sheet scripted" aria-label=locale.diagnostics_text(|m| m.result)>
                <VerdictView/>
                <PlotView/>
                <ReceivedEvents/>
            </section>
        </div>
    }
    .into_any()
}
