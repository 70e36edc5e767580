use std::sync::Arc;

use app::{App, SharedBackend, shell};
use axum::{
    Router,
    extract::{Request, State as Shared},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};

use crate::{assets, backend::EngineBackend, state::State};

/// The page's routes and its server functions.
pub(crate) fn router(state: &State) -> Router<State> {
    let context = context(state);
    let options = state.leptos.clone();
    Router::new().leptos_routes_with_context(state, generate_route_list(App), context, move || {
        shell(options.clone())
    })
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
    let mut response = page(request).await.into_response();
    *response.status_mut() = http::StatusCode::NOT_FOUND;
    response
}

fn context(state: &State) -> impl Fn() + Clone + Send + Sync + 'static {
    let backend: SharedBackend = Arc::new(EngineBackend::new(state));
    move || provide_context(Arc::clone(&backend))
}
