//! The server's side of the page: everything here runs while a request is answered.

use http::{HeaderMap, StatusCode, header, request::Parts};
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use protocol::{Problem, ProblemCode};

use crate::{
    app::App,
    backend::{About, Backend, Reply, SharedBackend},
    fault::Fault,
    surroundings::{Surroundings, Theme},
    words::Tongue,
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

/// The page's surroundings, from the request and the backend.
pub(crate) fn surroundings() -> Surroundings {
    let parts = use_context::<Parts>();
    let headers = parts.as_ref().map(|parts| &parts.headers);
    let about = use_context::<SharedBackend>().map_or_else(
        || About { provider: String::new(), model: String::new(), max_input_bytes: u64::MAX },
        |backend| backend.about(),
    );
    Surroundings {
        tongue: headers.map(tongue).unwrap_or_default(),
        theme: headers.and_then(|all| cookie(all, "theme")).map(Theme::named).unwrap_or_default(),
        about,
    }
}

fn tongue(headers: &HeaderMap) -> Tongue {
    cookie(headers, "lang")
        .and_then(Tongue::from_tag)
        .or_else(|| accepted_tongue(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The language that is liked best among those the page speaks (RFC 9110, section 12.5.4).
fn accepted_tongue(accept: &str) -> Option<Tongue> {
    let mut best = None;
    for range in accept.split(',') {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f32 =
            weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
        let Some(tongue) = Tongue::from_tag(tag) else { continue };
        if weight > best.map_or(0.0, |(_, top)| top) {
            best = Some((tongue, weight));
        }
    }
    best.map(|(tongue, _)| tongue)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_that_is_spoken_wins() {
        assert_eq!(accepted_tongue("fr, zh-CN;q=0.8, en;q=0.5"), Some(Tongue::Chinese));
        assert_eq!(accepted_tongue("en-GB,en;q=0.9,zh;q=0.8"), Some(Tongue::English));
        assert_eq!(accepted_tongue("zh;q=0, de"), None);
    }

    #[test]
    fn a_cookie_beats_the_browser_s_language() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        headers.insert(header::COOKIE, "theme=dark; lang=zh-CN".parse().unwrap());
        assert_eq!(tongue(&headers), Tongue::Chinese);
        assert_eq!(cookie(&headers, "theme"), Some("dark"));
    }
}
