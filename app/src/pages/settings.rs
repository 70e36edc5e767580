use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    backend::Connected,
    commands::providers::list_connected,
    components::{
        LoadError, ThemeSwitch,
        settings::{ConnectLines, Examined},
    },
    hooks::{in_time, use_retry},
    messages::Locale,
};

/// `/settings`: where the model lives, whether everything works, and how the page looks.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let locale = Locale::here();
    let connected = Resource::new(|| (), |()| in_time(list_connected()));
    use_retry(connected);
    let again = Callback::new(move |()| connected.refetch());
    let providers = move || {
        Suspend::new(async move {
            match connected.await {
                Ok(connected) => Either::Left(view! { <Providers connected/> }),
                Err(_) => Either::Right(view! { <LoadError again/> }),
            }
        })
    };
    view! {
        <Title text=move || format!("{} · Unspool", locale.settings().name)/>
        <div class="column settings">
            <h1 tabindex="-1">{locale.settings_text(|m| m.name)}</h1>
            <p class="lead">{locale.settings_text(|m| m.lead)}</p>
            <Transition>{providers}</Transition>
            <ul class="checks">
                <li class="check">
                    <div class="check-words">
                        <p>{locale.settings_text(|m| m.connection)}</p>
                        <p class="check-detail">{locale.settings_text(|m| m.connection_how)}</p>
                    </div>
                    <A href="/diagnostics" attr:class="quiet">
                        {locale.settings_text(|m| m.details)}
                    </A>
                </li>
                <li class="check">
                    <div class="check-words">
                        <p>{locale.settings_text(|m| m.appearance)}</p>
                        <p class="check-detail">{locale.settings_text(|m| m.appearance_how)}</p>
                    </div>
                    <ThemeSwitch/>
                </li>
            </ul>
        </div>
    }
    .into_any()
}

#[component]
fn Providers(connected: Connected) -> impl IntoView {
    let Connected { providers, lines } = connected;
    let has_model = providers.iter().any(|provider| provider.base_url.is_some());
    let examined: Vec<_> =
        providers.into_iter().map(|provider| view! { <Examined provider/> }).collect();
    view! {
        {examined}
        {(!has_model).then(|| view! { <ConnectLines lines/> })}
    }
    .into_any()
}
