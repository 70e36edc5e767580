use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::components::A;

use crate::{browser, messages::Locale, page_context::Theme, workspace::Fresh};

/// Wordmark, links, and the switches for language and theme.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let (locale, fresh) = (Locale::here(), Fresh::here());
    view! {
        <header class="header">
            <A href="/" attr:class="wordmark">"Unspool"</A>
            <nav aria-label=locale.text(|m| m.site)>
                <A href="/" attr:class="quiet" on:click=move |_| fresh.ask()>
                    {locale.desk_text(|m| m.new)}
                </A>
                <A href="/history" attr:class="quiet">{locale.text(|m| m.history)}</A>
                <A href="/chat" attr:class="quiet">{locale.chat_text(|m| m.name)}</A>
                <A href="/diagnostics" attr:class="quiet">{locale.diagnostics_text(|m| m.name)}</A>
                <LanguageSwitch/>
                <ThemeSwitch/>
            </nav>
        </header>
    }
    .into_any()
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let locale = Locale::here();
    let switch = move |event: MouseEvent| {
        event.prevent_default();
        let other = locale.0.get_untracked().other();
        browser::remember("lang", "lang", other.tag());
        locale.0.set(other);
    };
    view! {
        // A link, which works before the page is alive.
        <a
            class="quiet"
            href=move || format!("?lang={}", locale.0.get().other().tag())
            rel="external"
            lang=move || locale.0.get().other().tag()
            on:click=switch
        >
            {locale.text(|m| m.other_language)}
        </a>
    }
    .into_any()
}

#[component]
fn ThemeSwitch() -> impl IntoView {
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
