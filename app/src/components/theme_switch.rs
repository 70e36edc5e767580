use leptos::prelude::*;

use crate::{browser, messages::Locale, page_context::Theme};

/// Chooses the colours: the system's, light or dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let locale = Locale::here();
    let theme: RwSignal<Theme> = expect_context();
    let switch = move |_| {
        let next = theme.get_untracked().next();
        browser::remember("data-theme", "theme", next.name());
        theme.set(next);
    };
    let name = move || {
        let messages = locale.messages();
        match theme.get() {
            Theme::Auto => messages.theme_auto,
            Theme::Light => messages.theme_light,
            Theme::Dark => messages.theme_dark,
        }
    };
    view! {
        <button type="button" class="quiet theme scripted" on:click=switch>
            <span class="theme-mark" aria-hidden="true"></span>
            <span class="theme-words">
                <span class="theme-word">{locale.text(|m| m.theme)}": "</span>
                {name}
            </span>
        </button>
    }
    .into_any()
}
