use std::time::Duration;

use axum::{
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};

use super::{
    Space, client_address,
    cookie::{self, BROWSER, SESSION},
    login,
    secret::{self, SecretHash},
};
use crate::{
    assets,
    config::AccessMode,
    pages, plain,
    problem::{Refusal, retry_after},
    state::State,
};

/// How long a browser keeps its space: as long as browsers keep a cookie at most.
const BROWSER_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The request is that of a browser that has logged in, and can log out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoggedIn;

/// Who asks.
struct Identity {
    space: Space,
    is_logged_in: bool,
    /// Of a browser that is here for the first time.
    cookie: Option<HeaderValue>,
}

impl Identity {
    fn of(space: Space) -> Self {
        Self { space, is_logged_in: false, cookie: None }
    }
}

/// Why a request has no space.
enum Denied {
    /// It bears nothing that says whose it is, or something wrong.
    Unknown,
    /// It comes from where too many wrong tokens came from.
    Wait(Duration),
    /// The proxy has not said whose it is, or is none that is believed.
    Unnamed,
    Failed(Refusal),
}

/// Finds out whose a request is, and hands it on with its [`Space`]. What needs none is handed on
/// without: handlers that need one refuse that.
pub(crate) async fn identify(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    if is_public(request.uri().path()) {
        return next.run(request).await;
    }
    let (mut head, body) = request.into_parts();
    let identity = match find(&state, &head).await {
        Ok(identity) => identity,
        Err(denied) => return deny(&state, &head, denied).await,
    };
    // Whoever comes without a cookie could have another space each time.
    let caller = match &identity.cookie {
        None => identity.space.to_string(),
        Some(_) => format!("address:{}", address(&state, &head)),
    };
    if let Err(wait) = state.rate.admit(&caller) {
        return retry_after(Refusal::too_many_requests(), wait);
    }
    let Identity { space, is_logged_in, cookie } = identity;
    head.extensions.insert(space);
    if is_logged_in {
        head.extensions.insert(LoggedIn);
    }
    let mut response = next.run(Request::from_parts(head, body)).await;
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What anyone may ask for.
fn is_public(path: &str) -> bool {
    matches!(path, "/health" | "/ready" | "/login" | "/logout") || path.starts_with("/s/")
}

fn address(state: &State, head: &Parts) -> std::net::IpAddr {
    let peer = client_address::peer(&head.extensions);
    client_address::client(&head.headers, peer, &state.config.access.trusted_proxies)
}

async fn find(state: &State, head: &Parts) -> Result<Identity, Denied> {
    let headers = &head.headers;
    match &state.config.access.mode {
        AccessMode::Open => Ok(Identity::of(Space::local())),
        AccessMode::Token => match headers.get(header::AUTHORIZATION) {
            Some(value) => by_token(state, head, value),
            None => by_session(state, headers).await,
        },
        AccessMode::Browser => by_browser(headers),
        AccessMode::Header(name) => {
            let peer = client_address::peer(&head.extensions);
            if !peer.is_trusted(&state.config.access.trusted_proxies) {
                return Err(Denied::Unnamed);
            }
            let user = user(headers, name).ok_or(Denied::Unnamed)?;
            Ok(Identity::of(Space::named(user)))
        }
    }
}

fn by_token(state: &State, head: &Parts, value: &HeaderValue) -> Result<Identity, Denied> {
    let address = address(state, head);
    state.attempts.admit(address).map_err(Denied::Wait)?;
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let found = token.and_then(|it| state.config.access.tokens.find(&SecretHash::of(it)));
    match found {
        Some(token) => Ok(Identity::of(Space::named(&token.name))),
        None => {
            state.attempts.failed(address);
            Err(Denied::Unknown)
        }
    }
}

/// The space of the token that a browser has logged in with, as long as there is that token.
async fn by_session(state: &State, headers: &HeaderMap) -> Result<Identity, Denied> {
    let secret = cookie::read(headers, SESSION).filter(|it| secret::is_secret(it));
    let secret = secret.ok_or(Denied::Unknown)?;
    let token = login::token_of(state, secret).await.map_err(Denied::Failed)?;
    let token = token.ok_or(Denied::Unknown)?;
    Ok(Identity { is_logged_in: true, ..Identity::of(Space::named(&token)) })
}

fn by_browser(headers: &HeaderMap) -> Result<Identity, Denied> {
    if let Some(secret) = cookie::read(headers, BROWSER).filter(|it| secret::is_secret(it)) {
        return Ok(Identity::of(Space::of_browser(secret)));
    }
    let secret = secret::random().map_err(|_| Denied::Failed(Refusal::panicked()))?;
    let cookie = cookie::set(headers, BROWSER, &secret, BROWSER_AGE);
    Ok(Identity { cookie, ..Identity::of(Space::of_browser(&secret)) })
}

/// How long the name of a user may be, in bytes.
const MOST_USER_BYTES: usize = 256;

/// The one user whom the proxy names.
fn user<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let user = std::str::from_utf8(value.as_bytes()).ok()?.trim();
    let is_name = !user.is_empty()
        && user.len() <= MOST_USER_BYTES
        && !user.contains(|it: char| it.is_control() || it == ':');
    is_name.then_some(user)
}

/// Answers a request that has no space: with the page on which one logs in, where a browser asks
/// for a page, and else with a problem. The page's files are for anyone.
async fn deny(state: &State, head: &Parts, denied: Denied) -> Response {
    let Parts { method, uri, headers, .. } = head;
    if let Some(file) = assets::serve_asset(method, uri.path(), headers).await {
        return file;
    }
    let asks_page = matches!(*method, Method::GET | Method::HEAD)
        && !uri.path().starts_with("/api/")
        && pages::accepts_html(headers);
    let (refusal, said, wait) = match denied {
        Denied::Failed(refusal) => return refusal.into_response(),
        Denied::Unknown => (Refusal::unauthorized(), app::LoginState::Asks, None),
        Denied::Unnamed => (Refusal::unnamed(), app::LoginState::Unnamed, None),
        Denied::Wait(wait) => {
            let said = app::LoginState::Wait(wait.as_secs() + 1);
            (Refusal::too_many_attempts(), said, Some(wait))
        }
    };
    if asks_page {
        let status =
            if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNAUTHORIZED };
        let next = uri.path_and_query().map_or("/", |next| next.as_str());
        return plain::login(state, headers, status, said, next);
    }
    if let Some(wait) = wait {
        return retry_after(refusal, wait);
    }
    let mut response = refusal.into_response();
    let scheme = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    response
}
