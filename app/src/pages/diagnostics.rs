use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::diagnostics::{Controls, Messages, PlotView, Probe, VerdictView},
    words::Locale,
};

/// `/diagnostics`: how messages come through what lies between server and reader.
#[component]
pub(crate) fn Diagnostics() -> impl IntoView {
    let locale = Locale::here();
    let probe = Probe::new();
    provide_context(probe);
    view! {
        <Title text=move || format!("{} · Unspool", locale.diagnostics().name)/>
        <div class="column diagnostics">
            <h1>{locale.tell(|words| words.name)}</h1>
            <p class="lead">{locale.tell(|words| words.lead)}</p>
            <Controls/>
            <section class="sheet scripted" aria-label=locale.tell(|words| words.result)>
                <VerdictView/>
                <PlotView/>
                <Messages/>
            </section>
        </div>
    }
    .into_any()
}
