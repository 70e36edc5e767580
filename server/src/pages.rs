use std::{
    future::{pending, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
};

use app::{App, FrameAncestors, SharedBackend, shell};
use axum::{
    Router,
    extract::{Request, State as Shared},
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Method, header};
use leptos::{prelude::provide_context, reactive::owner::Sandboxed};
use leptos_axum::{LeptosRoutes, generate_route_list};

use crate::{
    assets, backend::EngineBackend, encoding::Encoding, functions, problem::Refusal, state::State,
};

/// The page's routes and its server functions.
pub(crate) fn router(state: &State) -> Router<State> {
    let context = context(state);
    let options = state.leptos.clone();
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), context, move || {
            shell(options.clone(), assets::page_files())
        })
        .layer(from_fn(|request, next: Next| with_own_arena(next.run(request))))
        .layer(from_fn(functions::answer))
}

/// Serves a file of the page. Where there is none, a browser gets the page's own 404, and a script gets
/// a problem.
pub(crate) async fn asset_or_page(Shared(state): Shared<State>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Refusal::no_route(method, path).into_response();
    }
    if let Some(response) = assets::serve_asset(method, path, request.headers()).await {
        return response;
    }
    if let Some(page) = without_slash(path) {
        return Redirect::permanent(page).into_response();
    }
    if !accepts_html(request.headers()) {
        return Refusal::no_route(method, path).into_response();
    }
    let options = state.leptos.clone();
    let encoding = Encoding::preferred(request.headers());
    let page = leptos_axum::render_app_async_with_context(context(&state), move || {
        shell(options.clone(), assets::page_files())
    });
    let mut response = with_own_arena(page(request)).await.into_response();
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    state.compression.of_page(encoding, response).await
}

/// Whether the request names HTML in `Accept`. Browsers do so for pages; scripts accept anything.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT);
    accepted.iter().any(|kinds| kinds.to_str().is_ok_and(|kinds| kinds.contains("text/html")))
}

/// The page's path without the slash at its end, if it is a page's.
fn without_slash(path: &str) -> Option<&str> {
    let page = path.strip_suffix('/')?;
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|it| it.is_ascii_alphanumeric());
    let has_id = |folder: &str| page.strip_prefix(folder).is_some_and(is_id);
    let is_page = matches!(page, "/history" | "/chat" | "/personas" | "/diagnostics")
        || ["/g/", "/chat/", "/personas/"].into_iter().any(has_id);
    is_page.then_some(page)
}

/// Polls a page's future with the arena that it was created in. Leptos looks the arena up in the
/// current thread, and would panic when the future is resumed on a thread that has another one or
/// none (leptos-rs/leptos#3729).
async fn with_own_arena<T>(page: impl Future<Output = T>) -> T {
    let mut page = pin!(page);
    // `Sandboxed` records the thread's arena when it is created, and sets it when it is polled.
    let mut arena = Sandboxed::new(pending::<()>());
    poll_fn(|context| {
        let _ = Pin::new(&mut arena).poll(context);
        let made = page.as_mut().poll(context);
        arena = Sandboxed::new(pending());
        made
    })
    .await
}

fn context(state: &State) -> impl Fn() + Clone + Send + Sync + 'static {
    let backend: SharedBackend = Arc::new(EngineBackend::new(state));
    let ancestors = FrameAncestors(Arc::clone(&state.config.access.frame_ancestors));
    move || {
        provide_context(Arc::clone(&backend));
        provide_context(ancestors.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::{
        task::{Context, Poll, Waker},
        thread,
    };

    use leptos::{
        prelude::{GetValue, StoredValue},
        reactive::owner::Owner,
    };
    use tokio::task::yield_now;

    use super::*;

    #[test]
    fn a_page_is_finished_on_another_thread_than_it_was_begun_on() {
        let page = async {
            let _owner = Owner::new_root(None);
            let prefetched = StoredValue::new(7);
            yield_now().await;
            prefetched.try_get_value()
        };
        let mut page = pin!(with_own_arena(page));
        let mut turn = || {
            let polled = || page.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            thread::scope(|scope| scope.spawn(polled).join().unwrap())
        };
        assert_eq!(turn(), Poll::Pending);
        assert_eq!(turn(), Poll::Ready(Some(7)));
    }
}
