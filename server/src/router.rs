use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::{get, post},
};

use crate::{
    cors, cross_site,
    handlers::{
        chat, chat_completions, connections, conversation_streams, conversations, events,
        generations, gpt_summary, health, helloworld, models, not_found, personas, timed, training,
    },
    host, pages, panics, read_body, response_headers, responses,
    state::State,
    transfer_coding,
};

/// All routes, with the middleware around them.
pub(crate) fn router(state: State) -> Router {
    let starting = Router::new()
        .route("/helloworld", get(helloworld::stream))
        .route("/gpt/summary", get(gpt_summary::from_query).post(gpt_summary::from_body))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse_all));
    Router::new()
        .merge(starting)
        .route("/health", get(health::show))
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
        .merge(conversation_routes())
        .route("/api/models", get(models::list))
        .route("/v1/chat/completions", post(chat_completions::create))
        .route("/v1/models", get(models::list_openai))
        .route("/api/{*rest}", axum::routing::any(not_found::api))
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
        .layer(from_fn_with_state(state.clone(), cross_site::refuse_changes))
        .layer(from_fn(panics::catch))
        .layer(cors::layer(&state.config.access.cors_origins))
        .layer(from_fn(transfer_coding::require_chunked))
        .layer(from_fn_with_state(state.clone(), host::require_own))
        .layer(map_response(response_headers::complete))
        .with_state(state)
}

fn conversation_routes() -> Router<State> {
    let message = "/api/conversations/{id}/messages/{message_id}/regenerate";
    Router::new()
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
