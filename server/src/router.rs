use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::{MethodRouter, delete, get, post},
};

use crate::{
    access, cors, cross_site,
    handlers::{
        archive, chat, chat_completions, connections, conversation_streams, conversations, events,
        generations, gpt_summary, health, helloworld, models, not_found, personas, shares, timed,
        training,
    },
    host, pages, panics, read_body, response_headers, responses,
    state::State,
    transfer_coding,
};

/// Routes, with a list of their paths.
#[derive(Default)]
struct Routes {
    router: Router<State>,
    paths: Vec<&'static str>,
}

impl Routes {
    fn route(mut self, path: &'static str, methods: MethodRouter<State>) -> Self {
        self.paths.push(path);
        Self { router: self.router.route(path, methods), ..self }
    }
}

/// The paths of all routes, each once: a test tries every one, so that none is forgotten.
pub(crate) fn paths() -> Vec<&'static str> {
    let all = [starting_routes(), routes(), conversation_routes(), import_route()];
    all.into_iter().flat_map(|routes| routes.paths).collect()
}

/// All routes, with the middleware around them.
pub(crate) fn router(state: State) -> Router {
    let starting = from_fn_with_state(state.clone(), cross_site::refuse_all);
    Router::new()
        .merge(starting_routes().router.layer(starting))
        .merge(routes().router)
        .merge(conversation_routes().router)
        .merge(pages::router(&state))
        .layer(from_fn_with_state(
            (state.responses.clone(), state.compression.clone()),
            responses::within_budget,
        ))
        .fallback(pages::asset_or_page)
        .method_not_allowed_fallback(not_found::method)
        // `read_body` enforces the configured limit; axum's own would be another one.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), read_body::read_body))
        // This one receives its body by itself, as that may be larger than memory.
        .merge(import_route().router.method_not_allowed_fallback(not_found::method))
        .layer(from_fn_with_state(state.clone(), access::identify))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse_changes))
        .layer(from_fn(panics::catch))
        .layer(cors::layer(&state.config.access.cors_origins))
        .layer(from_fn(transfer_coding::require_chunked))
        .layer(from_fn_with_state(state.clone(), host::require_own))
        .layer(map_response(response_headers::complete))
        .with_state(state)
}

/// Those whose GET starts a generation.
fn starting_routes() -> Routes {
    Routes::default()
        .route("/helloworld", get(helloworld::stream))
        .route("/gpt/summary", get(gpt_summary::from_query).post(gpt_summary::from_body))
}

fn routes() -> Routes {
    Routes::default()
        .route("/health", get(health::show))
        .route("/login", get(access::show_login).post(access::log_in))
        .route("/logout", post(access::log_out))
        .route("/stream", get(timed::numbered))
        .route("/stream-sse", get(timed::ticker))
        .route("/clock", get(timed::clock))
        .route("/connections", get(connections::list))
        .route("/api/generations", get(generations::list).post(generations::create))
        .route("/api/generations/{id}", get(generations::show).delete(generations::delete))
        .route("/api/generations/{id}/stop", post(generations::stop))
        .route("/api/generations/{id}/events", get(events::stream))
        .route("/api/generations/{id}/patches", get(events::patches))
        .route("/api/generations/{id}/ui-messages", get(events::ui_messages))
        .route("/api/generations/{id}/ag-ui", get(events::ag_ui))
        .route("/api/models", get(models::list))
        .route("/api/generations/{id}/share", post(shares::share_generation))
        .route("/api/conversations/{id}/share", post(shares::share_conversation))
        .route("/api/shares", get(shares::list))
        .route("/api/shares/{id}", delete(shares::withdraw))
        .route("/s/{id}", get(shares::show))
        .route("/api/export", get(archive::export))
        .route("/v1/chat/completions", post(chat_completions::create))
        .route("/v1/models", get(models::list_openai))
        .route("/api/{*rest}", axum::routing::any(not_found::api))
}

fn import_route() -> Routes {
    Routes::default().route("/api/import", post(archive::import))
}

fn conversation_routes() -> Routes {
    let message = "/api/conversations/{id}/messages/{message_id}/regenerate";
    Routes::default()
        .route("/chat", post(chat::answer))
        .route("/api/conversations", get(conversations::list))
        .route("/api/conversations/send", post(conversations::send))
        .route("/api/conversations/stream", get(conversation_streams::all))
        .route(
            "/api/conversations/{id}",
            get(conversations::show).patch(conversations::change).delete(conversations::delete),
        )
        .route(message, post(conversations::regenerate))
        .route("/api/conversations/{id}/stop", post(conversations::stop))
        .route("/api/conversations/{id}/stream", get(conversation_streams::one))
        .route("/api/v1/conversations/{id}/stream", get(conversation_streams::accumulated))
        .route("/api/personas", get(personas::list).post(personas::create))
        .route(
            "/api/personas/{id}",
            get(personas::show).put(personas::change).delete(personas::delete),
        )
        .route("/api/personas/{id}/versions", get(personas::versions))
        .route("/api/personas/{id}/versions/{n}/restore", post(personas::restore))
        .route("/api/personas/{id}/training/stop", post(personas::stop_training))
        .route("/api/v1/digital-humans/train/stream", get(training::follow).post(training::train))
}
