use std::sync::Arc;

use app::{App, SharedBackend, shell};
use axum::{
    Router,
    extract::{Request, State as Shared},
    response::{IntoResponse, Response},
};
use leptos::{
    config::{Env, LeptosOptions, get_configuration},
    prelude::provide_context,
};
use leptos_axum::{LeptosRoutes, generate_route_list};

use crate::{assets, backend::EngineBackend, config::Config, state::State};

/// How the page is rendered. `cargo leptos` says it in the environment.
pub(crate) fn options(config: &Config) -> LeptosOptions {
    if std::env::var_os("LEPTOS_OUTPUT_NAME").is_some()
        && let Ok(file) = get_configuration(None)
    {
        return file.leptos_options;
    }
    LeptosOptions::builder()
        .output_name("unspool")
        .site_root("target/site")
        .site_pkg_dir("pkg")
        .site_addr(config.addr)
        .env(Env::PROD)
        .build()
}

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
