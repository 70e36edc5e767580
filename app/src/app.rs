use leptos::{html, prelude::*};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

#[cfg(not(feature = "ssr"))]
use crate::browser::surroundings;
#[cfg(feature = "ssr")]
use crate::request::surroundings;
use crate::{
    browser,
    components::{Announcer, Arrival, Header, LiveRegion, TimeZone},
    pages::{Diagnostics, History, NotFound, WorkspacePage},
    surroundings::Surroundings,
    words::Locale,
};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Effect::new(|_| browser::say_alive());
    let Surroundings { tongue, theme, about } = surroundings();
    let locale = Locale(RwSignal::new(tongue));
    provide_context(locale);
    provide_context(RwSignal::new(theme));
    provide_context(about);
    provide_context(Announcer::new());
    provide_context(TimeZone::new());
    let main = NodeRef::<html::Main>::new();
    view! {
        <Title text=move || format!("Unspool · {}", locale.words().tagline)/>
        <Router>
            <a class="skip" href="#main" rel="external">{locale.say(|words| words.skip)}</a>
            <Header/>
            <main id="main" tabindex="-1" node_ref=main>
                <Routes fallback=NotFound>
                    // One workspace for both: starting a summary changes the address, not the view.
                    <ParentRoute path=path!("") view=WorkspacePage ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async/>
                        <Route path=path!("g/:id") view=|| () ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("history") view=History ssr=SsrMode::Async/>
                    <Route path=path!("diagnostics") view=Diagnostics/>
                </Routes>
            </main>
            <LiveRegion/>
            <Arrival main/>
        </Router>
    }
}
