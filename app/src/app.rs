use leptos::{html, prelude::*};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

#[cfg(not(feature = "ssr"))]
use crate::browser::page_context;
#[cfg(feature = "ssr")]
use crate::request::page_context;
use crate::{
    browser,
    components::{Announcer, Header, LiveRegion, RouteAnnouncer, TimeZone},
    messages::Locale,
    model_choice::ModelChoice,
    page_context::PageContext,
    pages::{
        ChatLater, DiagnosticsLater, History, NotFound, PersonaLater, PersonasLater, SettingsLater,
        WorkspacePage,
    },
    thread_view::BegunConversation,
};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Effect::new(|_| browser::say_alive());
    let PageContext { ui_language, theme, about } = page_context();
    let locale = Locale(RwSignal::new(ui_language));
    provide_context(locale);
    provide_context(RwSignal::new(theme));
    provide_context(about);
    provide_context(Announcer::new());
    provide_context(TimeZone::new());
    provide_context(BegunConversation::new());
    provide_context(ModelChoice::new());
    let main = NodeRef::<html::Main>::new();
    view! {
        <Title text=move || format!("Unspool · {}", locale.messages().tagline)/>
        <Router>
            <a class="skip" href="#main" rel="external">{locale.text(|m| m.skip)}</a>
            <Header/>
            <main id="main" tabindex="-1" node_ref=main>
                <Routes fallback=NotFound>
                    // Both share one workspace, so that starting a summary changes the address and
                    // not the view.
                    <ParentRoute path=path!("") view=WorkspacePage ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("g/:id") view=|| () ssr=SsrMode::Async/>
                    </ParentRoute>
                    // Both share the page, so that beginning a conversation does not load it anew.
                    <ParentRoute path=path!("chat") view={Lazy::<ChatLater>::new()} ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!(":id") view=|| () ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("personas") view={Lazy::<PersonasLater>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("personas/:id") view={Lazy::<PersonaLater>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("history") view=History ssr=SsrMode::Async/>
                    <Route path=path!("settings") view={Lazy::<SettingsLater>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("diagnostics") view={Lazy::<DiagnosticsLater>::new()}/>
                </Routes>
            </main>
            <LiveRegion/>
            <RouteAnnouncer main/>
        </Router>
    }
}
