use axum::{Json, extract::State as Shared};

use crate::connections::{ConnectionList, Connections};

/// `GET /connections`: every open stream.
pub(crate) async fn list(Shared(connections): Shared<Connections>) -> Json<ConnectionList> {
    Json(connections.list())
}
