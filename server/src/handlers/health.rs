use axum::Json;
use serde_json::{Value, json};

/// `GET /health`
pub(crate) async fn show() -> Json<Value> {
    Json(json!({"status": "ok", "message": "Server is running"}))
}
