//! The server's side of the page. Everything here runs while a request is answered.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use protocol::{Problem, ProblemCode};

use crate::{
    api_error::ApiError,
    app::App,
    backend::{Backend, Reply, SharedBackend},
    page_context::PageContext,
    request::page_context,
};

/// Who may embed the page: the source list of `frame-ancestors` in its policy.
#[derive(Clone, Debug)]
pub struct FrameAncestors(pub Arc<str>);

/// The addresses of what the page loads before it can be used.
#[derive(Clone, Debug)]
pub struct PageFiles {
    /// The style sheet.
    pub style: String,
    /// The script that loads the WASM.
    pub script: String,
    /// The WASM.
    pub wasm: String,
}

/// The document around [`App`]: language, theme, styles and scripts.
#[must_use]
pub fn shell(options: LeptosOptions, files: PageFiles) -> impl IntoView {
    protect();
    let PageContext { ui_language, theme, about } = page_context();
    let messages = ui_language.messages();
    let PageFiles { style, script, wasm } = files;
    // Leptos's own `HydrationScripts` finds hashed names only through a file beside the binary.
    let hydration = format!("{}({script:?}, {wasm:?});", include_str!("hydration.js").trim_end());
    view! {
        <!DOCTYPE html>
        <html
            lang=ui_language.tag()
            data-theme=theme.name()
            data-provider=about.provider
            data-model=about.model
            data-host=about.host
            data-choice=about.has_choice.to_string()
            data-limit=about.max_input_bytes.to_string()
            data-login=about.is_logged_in.to_string()
        >
            <head>
                <meta charset="utf-8"/>
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, interactive-widget=resizes-content"
                />
                <meta name="description" content=messages.tagline/>
                <meta name="color-scheme" content="light dark"/>
                // The answer's header says `no-referrer`, with which a form's POST bears the origin
                // `null`: browsers that say no `Sec-Fetch-Site`, as on plain HTTP in a network,
                // could not be told from another site's. Other sites learn nothing of it either way.
                <meta name="referrer" content="same-origin"/>
                <link rel="stylesheet" href=style/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <AutoReload options/>
                <script type="module" nonce=use_nonce()>
                    {hydration}
                </script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Sets a policy that allows no scripts and styles but the page's own, and no others to embed the
/// page than those listed.
fn protect() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else {
        return;
    };
    // `cargo leptos watch` reloads an open page through a WebSocket.
    let watch = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
    let ancestors = use_context::<FrameAncestors>();
    let ancestors = ancestors.as_ref().map_or("'self'", |FrameAncestors(listed)| listed);
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; connect-src 'self'{watch}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// Asks the backend. When it refuses, the response gets the problem's status.
pub(crate) fn ask<T: Send + 'static>(
    question: impl FnOnce(&dyn Backend) -> Reply<T>,
) -> impl Future<Output = Result<T, ApiError>> + Send {
    let response = use_context::<ResponseOptions>();
    let answer = ask_quietly(question);
    async move {
        answer
            .await
            .inspect_err(|problem| {
                let status = StatusCode::from_u16(problem.status);
                if let (Some(response), Ok(status)) = (response, status) {
                    response.set_status(status);
                }
            })
            .map_err(ApiError::from)
    }
}

/// Asks the backend without changing the response.
pub(crate) fn ask_quietly<T: Send + 'static>(
    question: impl FnOnce(&dyn Backend) -> Reply<T>,
) -> Reply<T> {
    match use_context::<SharedBackend>() {
        Some(backend) => question(&*backend),
        None => Box::pin(std::future::ready(Err(no_backend()))),
    }
}

/// The code of a problem as it stands in an address.
#[must_use]
pub fn word(code: ProblemCode) -> String {
    let word = serde_json::to_value(code).ok();
    word.and_then(|word| Some(word.as_str()?.to_owned())).unwrap_or_default()
}

/// Gives the response the status 404.
pub(crate) fn not_found() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
}

fn no_backend() -> Problem {
    Problem {
        status: 500,
        title: "Internal Server Error".to_owned(),
        code: ProblemCode::Internal,
        detail: "the page has no backend".to_owned(),
        field: None,
        reply_id: None,
        faults: Box::default(),
    }
}
