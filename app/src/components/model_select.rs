use leptos::{ev, prelude::*};
use protocol::ProviderModels;

use crate::{
    messages::Locale,
    model_choice::{ModelChoice, name},
};

/// Chooses which model writes. Nothing is shown where there is but one.
#[component]
pub(crate) fn ModelSelect() -> impl IntoView {
    let choice = ModelChoice::here();
    Effect::new(move |_| choice.load());
    view! {
        <Show when=move || choice.is_offered()>
            <Options choice/>
        </Show>
    }
    .into_any()
}

#[component]
fn Options(choice: ModelChoice) -> impl IntoView {
    let locale = Locale::here();
    let chosen = move |event: ev::Event| choice.choose(event_target_value(&event));
    let groups = move || {
        let providers = choice.models.with(|models| models.providers.clone());
        providers.into_iter().map(group).collect_view()
    };
    view! {
        <select
            class="model-choice"
            aria-label=locale.settings_text(|m| m.model)
            data-testid="model-choice"
            prop:value=move || choice.shown()
            on:change=chosen
        >
            {groups}
        </select>
    }
    .into_any()
}

/// The models of one provider, under its name and host.
fn group(provider: ProviderModels) -> impl IntoView {
    let ProviderModels { name: provider, host, reachable, models, .. } = provider;
    let shown = ModelChoice::here().shown();
    let label = match host {
        Some(host) => format!("{provider} · {host}"),
        None => provider.clone(),
    };
    let options: Vec<_> = models
        .into_iter()
        .map(|model| {
            let value = name(&provider, &model.id);
            let selected = value == shown;
            view! { <option value=value selected=selected>{model.id}</option> }
        })
        .collect();
    view! { <optgroup label=label disabled=!reachable>{options}</optgroup> }
}
