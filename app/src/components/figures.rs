use leptos::prelude::*;

use crate::{
    generation_view::GenerationView,
    messages::{Locale, Messages},
    text::{grouped, seconds},
};

/// Which model wrote, how soon, how fast and for how long.
#[component]
pub(crate) fn FiguresView(run: GenerationView) -> impl IntoView {
    let locale = Locale::here();
    let in_seconds = move |ms: u64| (locale.messages().seconds)(&seconds(ms));
    let first_text = move || run.figures.get().first_text_ms.map(in_seconds);
    let rate = move || {
        let rate = run.figures.get().rate()?;
        Some((locale.messages().per_second)(&grouped(rate)))
    };
    let elapsed = move || run.figures.get().elapsed_ms.filter(|ms| *ms > 0).map(in_seconds);
    let author = move || {
        let (provider, model) = run.author.get();
        if model.is_empty() || model == provider {
            provider
        } else {
            format!("{provider} · {model}")
        }
    };
    let is_builtin = move || run.author.with(|(provider, _)| provider == "builtin");
    view! {
        <footer class="figures">
            <dl>
                <Figure label=|m| m.written_by testid="provider" value=move || Some(author())/>
                <Figure label=|m| m.first_text testid="first-text" value=first_text/>
                <Figure label=|m| m.rate testid="rate" value=rate/>
                <Figure label=|m| m.elapsed testid="elapsed" value=elapsed/>
            </dl>
            <details class="builtin" hidden=move || !is_builtin()>
                <summary>{locale.text(|m| m.builtin_hint)}</summary>
                <p>{locale.text(|m| m.builtin_how)}</p>
            </details>
        </footer>
    }
    .into_any()
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
