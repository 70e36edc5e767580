use http::{HeaderMap, header, request::Parts};
use leptos::prelude::*;

use crate::{
    backend::{About, SharedBackend},
    messages::UiLanguage,
    page_context::{PageContext, Theme},
};

/// The page's context, from the request and the backend.
pub(crate) fn page_context() -> PageContext {
    let parts = use_context::<Parts>();
    let headers = parts.as_ref().map(|parts| &parts.headers);
    let about = use_context::<SharedBackend>().map_or_else(
        || About { max_input_bytes: u64::MAX, ..About::default() },
        |backend| backend.about(),
    );
    PageContext {
        ui_language: headers.map(ui_language).unwrap_or_default(),
        theme: headers.map(theme).unwrap_or_default(),
        about,
    }
}

/// The colours that a request asks for.
pub(crate) fn theme(headers: &HeaderMap) -> Theme {
    cookie(headers, "theme").map(Theme::named).unwrap_or_default()
}

/// The language that a request asks for.
pub(crate) fn ui_language(headers: &HeaderMap) -> UiLanguage {
    cookie(headers, "lang")
        .and_then(UiLanguage::from_tag)
        .or_else(|| accepted_language(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The language that the reader likes best among those of the page (RFC 9110, section 12.5.4).
fn accepted_language(accept: &str) -> Option<UiLanguage> {
    let mut best = None;
    for range in accept.split(',') {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f32 =
            weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
        let Some(ui_language) = UiLanguage::from_tag(tag) else { continue };
        if weight > best.map_or(0.0, |(_, top)| top) {
            best = Some((ui_language, weight));
        }
    }
    best.map(|(ui_language, _)| ui_language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_that_is_spoken_wins() {
        assert_eq!(accepted_language("fr, zh-CN;q=0.8, en;q=0.5"), Some(UiLanguage::Chinese));
        assert_eq!(accepted_language("en-GB,en;q=0.9,zh;q=0.8"), Some(UiLanguage::English));
        assert_eq!(accepted_language("zh;q=0, de"), None);
    }

    #[test]
    fn a_cookie_beats_the_browser_s_language() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        headers.insert(header::COOKIE, "theme=dark; lang=zh-CN".parse().unwrap());
        assert_eq!(ui_language(&headers), UiLanguage::Chinese);
        assert_eq!(cookie(&headers, "theme"), Some("dark"));
    }
}
