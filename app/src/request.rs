use http::{HeaderMap, header, request::Parts};
use leptos::prelude::*;

use crate::{
    backend::{About, SharedBackend},
    surroundings::{Surroundings, Theme},
    words::Tongue,
};

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
