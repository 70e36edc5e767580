use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use app::LoginState;
use axum::{
    body::Bytes,
    extract::{Request, State as Shared},
    response::{IntoResponse, Redirect, Response},
};
use engine::Session;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use url::form_urlencoded;

use super::{
    client_address::{self, Peer},
    cookie::{self, SESSION},
    secret::{self, SecretHash},
};
use crate::{config::AccessMode, plain, problem::Refusal, query::Query, state::State};

/// How long a browser stays logged in.
const SESSION_AGE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

#[derive(Deserialize)]
pub(crate) struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// `GET /login`
pub(crate) async fn show_login(
    Shared(state): Shared<State>,
    Query(query): Query<LoginQuery>,
    headers: HeaderMap,
) -> Response {
    match state.config.access.mode {
        AccessMode::Token => {
            let next = own_path(&query.next);
            plain::login(&state, &headers, StatusCode::OK, LoginState::Asks, next)
        }
        _ => Redirect::to("/").into_response(),
    }
}

/// `POST /login`: exchanges a token for a cookie.
pub(crate) async fn log_in(
    Shared(state): Shared<State>,
    peer: Option<axum::Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    if state.config.access.mode != AccessMode::Token {
        return Ok(Redirect::to("/").into_response());
    }
    let (mut token, mut next) = (String::new(), String::new());
    for (name, value) in form_urlencoded::parse(&body) {
        match &*name {
            "token" => value.trim().clone_into(&mut token),
            "next" => next = value.into_owned(),
            _ => {}
        }
    }
    let next = own_path(&next);
    let peer = peer.map_or(Peer([0, 0, 0, 0].into()), |axum::Extension(peer)| peer);
    let address = client_address::client(&headers, peer, &state.config.access.trusted_proxies);
    if let Err(wait) = state.attempts.admit(address) {
        let said = LoginState::Wait(wait.as_secs() + 1);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut page = plain::login(&state, &headers, status, said, next);
        page.headers_mut().insert(header::RETRY_AFTER, (wait.as_secs() + 1).into());
        return Ok(page);
    }
    let Some(token) = state.config.access.tokens.find(&SecretHash::of(&token)) else {
        state.attempts.failed(address);
        let status = StatusCode::UNAUTHORIZED;
        return Ok(plain::login(&state, &headers, status, LoginState::Refused, next));
    };
    state.attempts.succeeded(address);
    let secret = secret::random().map_err(|_| Refusal::panicked())?;
    let now_ms = now_ms();
    let age_ms = u64::try_from(SESSION_AGE.as_millis()).unwrap_or(u64::MAX);
    let session = Session {
        secret_hash: SecretHash::of(&secret).bytes().to_vec(),
        token_hash: token.hash.bytes().to_vec(),
        expires_ms: now_ms.saturating_add(age_ms),
    };
    state.engine.open_session(session, now_ms).await?;
    let cookie = cookie::set(&headers, SESSION, &secret, SESSION_AGE);
    let mut response = see_other(next);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// `POST /logout`: the cookie is worth nothing any more.
pub(crate) async fn log_out(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    if let Some(secret) = cookie::read(headers, SESSION).filter(|it| secret::is_secret(it)) {
        state.engine.close_session(SecretHash::of(secret).bytes()).await?;
    }
    let cookie = cookie::set(headers, SESSION, "", Duration::ZERO);
    let mut response = see_other("/login");
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// The name of the token that the browser with this cookie has logged in with.
pub(super) async fn token_of(state: &State, secret: &str) -> Result<Option<Arc<str>>, Refusal> {
    let hash = SecretHash::of(secret);
    let session = state.engine.session(hash.bytes(), now_ms()).await?;
    let tokens = &state.config.access.tokens;
    Ok(session.and_then(|session| {
        let token = tokens.find(&SecretHash::read(&session.token_hash)?)?;
        Some(Arc::clone(&token.name))
    }))
}

/// The address of a page of this server to go on to.
fn own_path(next: &str) -> &str {
    let is_path = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(|it: char| it == '\\' || it.is_control() || it.is_whitespace());
    if is_path { next } else { "/" }
}

fn see_other(path: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(path)).into_response()
}

pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
