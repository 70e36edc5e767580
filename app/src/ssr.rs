//! The server's side of the page: everything here runs while a request is answered.

use http::StatusCode;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use protocol::{Problem, ProblemCode};

use crate::{
    app::App,
    backend::{Backend, Reply, SharedBackend},
    fault::Fault,
    request::surroundings,
    surroundings::Surroundings,
};

/// The document around [`App`]: language, theme, styles and scripts.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let Surroundings { tongue, theme, about } = surroundings();
    let words = tongue.words();
    let pkg = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html
            lang=tongue.tag()
            data-theme=theme.name()
            data-provider=about.provider
            data-model=about.model
            data-limit=about.max_input_bytes.to_string()
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="description" content=words.tagline/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="stylesheet" href=format!("{pkg}.css")/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Asks the backend; when it refuses, the response bears the problem's status.
pub(crate) fn ask<T: Send + 'static>(
    question: impl FnOnce(&dyn Backend) -> Reply<T>,
) -> impl Future<Output = Result<T, Fault>> + Send {
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
            .map_err(Fault::from)
    }
}

/// Asks the backend and leaves the response as it is.
pub(crate) fn ask_quietly<T: Send + 'static>(
    question: impl FnOnce(&dyn Backend) -> Reply<T>,
) -> Reply<T> {
    match use_context::<SharedBackend>() {
        Some(backend) => question(&*backend),
        None => Box::pin(std::future::ready(Err(no_backend()))),
    }
}

/// A refusal's reason as a word for an address.
pub(crate) fn word(code: ProblemCode) -> String {
    let word = serde_json::to_value(code).ok();
    word.and_then(|word| Some(word.as_str()?.to_owned())).unwrap_or_default()
}

/// Marks the response as one for something that does not exist.
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
    }
}
