use leptos::prelude::*;

use super::reading::told;
use crate::{evidence::part, messages::Locale, workspace::Workspace};

/// On small screens: the place itself, quoted, at the foot of the page.
#[component]
pub(crate) fn PlacePanel() -> impl IntoView {
    let (view, locale) = (Workspace::here().evidence, Locale::here());
    let quote = move || {
        let place = view.places().get(view.focus.with(|focus| focus.place)).copied()?;
        view.text.with(|text| Some(part(text.as_ref()?, place).to_owned()))
    };
    let is_first = move || view.focus.with(|focus| focus.place == 0);
    let is_last = move || view.focus.with(|focus| focus.place) + 1 >= view.places().len();
    view! {
        <aside
            class="place-panel"
            aria-label=locale.text(|m| m.source)
            data-testid="place-panel"
            hidden=move || view.focus.with(|focus| !focus.is_kept || focus.sentences.is_empty())
        >
            <div class="place-bar">
                <span class="place-count">{move || told(view, locale)}</span>
                <button type="button" class="quiet" disabled=is_first on:click=move |_| view.step(-1)>
                    {locale.text(|m| m.previous_place)}
                </button>
                <button type="button" class="quiet" disabled=is_last on:click=move |_| view.step(1)>
                    {locale.text(|m| m.next_place)}
                </button>
                <button type="button" class="quiet" on:click=move |_| view.close()>
                    {locale.text(|m| m.close_place)}
                </button>
            </div>
            <blockquote dir="auto">{quote}</blockquote>
        </aside>
    }
    .into_any()
}
