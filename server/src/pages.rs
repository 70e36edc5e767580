use std::sync::Arc;

use app::{App, SharedBackend, shell};
use axum::{
    Router,
    extract::{Request, State as Shared},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use leptos::{
    prelude::provide_context,
    reactive::owner::{Owner, Sandboxed},
};
use leptos_axum::{LeptosRoutes, generate_route_list};

use crate::{assets, backend::EngineBackend, state::State};

/// The page's routes and its server functions.
pub(crate) fn router(state: &State) -> Router<State> {
    let context = context(state);
    let options = state.leptos.clone();
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), context, move || {
            shell(options.clone())
        })
        .layer(from_fn(|request, next: Next| in_an_arena(next.run(request))))
}

/// A file of the page where there is one, else the page's own word that there is none.
pub(crate) async fn asset_or_page(Shared(state): Shared<State>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    if let Some(response) = assets::serve_asset(method, path, request.headers()).await {
        return response;
    }
    let options = state.leptos.clone();
    let page =
        leptos_axum::render_app_async_with_context(context(&state), move || shell(options.clone()));
    let mut response = in_an_arena(page(request)).await.into_response();
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response
}

/// Makes a page where Leptos always finds an arena for its values. It looks for the thread's own,
/// also after a wait, when it may go on on a thread that has none, and would panic there
/// (leptos-rs/leptos#3729).
async fn in_an_arena<T>(page: impl Future<Output = T>) -> T {
    Owner::new_root(None).with(|| Sandboxed::new(page)).await
}

fn context(state: &State) -> impl Fn() + Clone + Send + Sync + 'static {
    let backend: SharedBackend = Arc::new(EngineBackend::new(state));
    move || provide_context(Arc::clone(&backend))
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Waker},
        thread,
    };

    use leptos::prelude::{GetValue, StoredValue};
    use tokio::task::yield_now;

    use super::*;

    #[test]
    fn a_page_is_finished_on_another_thread_than_it_was_begun_on() {
        let page = async {
            let prefetched = StoredValue::new(7);
            yield_now().await;
            let _ = prefetched.try_get_value();
            "made"
        };
        let mut page = pin!(in_an_arena(page));
        let mut turn = || {
            let polled = || page.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            thread::scope(|scope| scope.spawn(polled).join().unwrap())
        };
        assert!(turn().is_pending());
        assert!(turn().is_ready());
    }
}
