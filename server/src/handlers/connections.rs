use axum::{Json, extract::State as Shared};

use crate::connections::{Connections, Report};

/// `GET /connections`: every open stream.
pub(crate) async fn list(Shared(connections): Shared<Connections>) -> Json<Report> {
    Json(connections.report())
}
