//! Pages that need no scripts: what is shared, and where one logs in.

use app::{LoginState, PlainPage, SharedContent};
use axum::response::{Html, IntoResponse, Response};
use engine::SharedView;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use protocol::{Status, conversation::Role};

use crate::{assets, state::State};

/// The header that keeps search engines from listing a page.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The page of what is shared, that it is not any more, or that it never was.
pub(crate) fn shared(state: &State, headers: &HeaderMap, view: Option<SharedView>) -> Response {
    let (status, content) = match view {
        None => (StatusCode::NOT_FOUND, SharedContent::Unknown),
        Some(SharedView::Gone) => (StatusCode::GONE, SharedContent::Gone),
        Some(SharedView::Document(snapshot)) => (StatusCode::OK, SharedContent::Document(snapshot)),
        Some(SharedView::Branch { title, messages }) => {
            let messages = messages.into_iter().map(|mut message| {
                if message.role == Role::Assistant && message.status != Status::Running {
                    message.blocks = Some(markdown::render(&message.content).into());
                }
                message
            });
            (StatusCode::OK, SharedContent::Branch { title, messages: messages.collect() })
        }
    };
    respond(state, status, PlainPage::new(headers, assets::page_files()).shared(&content))
}

/// The page on which one logs in, to go on to `next`.
pub(crate) fn login(
    state: &State,
    headers: &HeaderMap,
    status: StatusCode,
    said: LoginState,
    next: &str,
) -> Response {
    respond(state, status, PlainPage::new(headers, assets::page_files()).login(said, next))
}

fn respond(state: &State, status: StatusCode, page: String) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors {}",
        state.config.access.frame_ancestors
    );
    let mut response = (status, Html(page)).into_response();
    let headers = response.headers_mut();
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
