use leptos::prelude::*;

use crate::{
    generation_view::GenerationView,
    messages::{Locale, Messages},
    text::{grouped, seconds},
};

/// Who wrote, where and for how long; with the figures behind it.
#[component]
pub(crate) fn Byline(run: GenerationView) -> impl IntoView {
    let locale = Locale::here();
    let in_seconds = move |ms: u64| (locale.messages().seconds)(&seconds(ms));
    let first_text = move || run.figures.get().first_text_ms.map(in_seconds);
    let rate = move || {
        let rate = run.figures.get().rate()?;
        Some((locale.messages().per_second)(&grouped(rate)))
    };
    let elapsed = move || run.figures.get().elapsed_ms.filter(|ms| *ms > 0).map(in_seconds);
    let whole = move || elapsed().filter(|_| run.is_over.get()).map(|time| format!(" · {time}"));
    let length = move || Some((locale.messages().characters)(&grouped(run.input_chars)));
    let is_builtin = move || run.author.with(|(provider, _)| provider == "builtin");
    view! {
        <details class="byline">
            <summary>
                <span data-testid="provider">{move || author(run, locale)}</span>
                {whole}
            </summary>
            <dl class="figures">
                <Figure label=|m| m.source testid="input-chars" value=length/>
                <Figure label=|m| m.first_text testid="first-text" value=first_text/>
                <Figure label=|m| m.rate testid="rate" value=rate/>
                <Figure label=|m| m.elapsed testid="elapsed" value=elapsed/>
            </dl>
            <p class="builtin" hidden=move || !is_builtin()>{locale.text(|m| m.builtin_how)}</p>
        </details>
    }
    .into_any()
}

/// The model and the host: "openai" for a server on this machine would be taken for another's.
fn author(run: GenerationView, locale: Locale) -> String {
    let (provider, model) = run.author.get();
    let host = run.host.get();
    if provider == "builtin" {
        return locale.desk().picked.to_owned();
    }
    let model = if model.is_empty() { provider } else { model };
    match host {
        Some(host) => (locale.desk().by)(&model, &host),
        None => model,
    }
}

#[component]
fn Figure<F>(
    label: fn(&'static Messages) -> &'static str,
    testid: &'static str,
    /// `None` when it is not known yet.
    value: F,
) -> impl IntoView
where
    F: Fn() -> Option<String> + Send + Sync + 'static,
{
    let locale = Locale::here();
    view! {
        <div>
            <dt>{locale.text(label)}</dt>
            <dd data-testid=testid>{move || value().unwrap_or_else(|| "–".to_owned())}</dd>
        </div>
    }
    .into_any()
}
