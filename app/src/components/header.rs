use leptos::prelude::*;
use leptos_router::components::A;

use crate::{browser, messages::Locale, page_context::about};

/// Wordmark, links, and the switch for the language.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let locale = Locale::here();
    view! {
        <header class="header">
            <A href="/" attr:class="wordmark">"Unspool"</A>
            <nav aria-label=locale.text(|m| m.site)>
                <A href="/history" attr:class="quiet">{locale.text(|m| m.history)}</A>
                <A href="/chat" attr:class="quiet">{locale.chat_text(|m| m.name)}</A>
                <A href="/settings" attr:class="quiet">{locale.settings_text(|m| m.name)}</A>
                <LanguageSwitch/>
                <LogOut/>
            </nav>
        </header>
    }
    .into_any()
}

/// A form, so that it works without scripts, too.
#[component]
fn LogOut() -> impl IntoView {
    let locale = Locale::here();
    about().is_logged_in.then(|| {
        view! {
            <form method="post" action="/logout">
                <button type="submit" class="quiet">{locale.taking_text(|m| m.log_out)}</button>
            </form>
        }
    })
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let locale = Locale::here();
    let switch = move |_| {
        let other = locale.0.get_untracked().other();
        browser::remember("lang", "lang", other.tag());
        locale.0.set(other);
    };
    view! {
        <button
            type="button"
            class="quiet scripted"
            lang=move || locale.0.get().other().tag()
            on:click=switch
        >
            {locale.text(|m| m.other_language)}
        </button>
    }
    .into_any()
}
