//! Streams without a generation: a clock, a ticker and the diagnostics page's numbered messages.

mod clock;
mod numbered;
mod ticker;

use std::time::Duration;

use axum::response::Response;

pub(crate) use clock::Clock;
pub(crate) use numbered::{Numbered, Numbers};
pub(crate) use ticker::Ticker;

use crate::{
    dialects::{Source, SseResponse},
    state::State,
};

impl State {
    /// Streams a source that has no end, or a late one, until the server shuts down.
    pub(crate) fn sse_response_until_shutdown<S: Source>(
        &self,
        retry_ms: u64,
        heartbeat: Option<Duration>,
        source: impl FnOnce(&crate::connections::Connection) -> S,
    ) -> Response {
        let connection = self.connections.enter(0);
        let source = source(&connection);
        connection.sent(source.cursor());
        let response =
            SseResponse { retry_ms, heartbeat, connection, shutdown: Some(self.shutdown.signal()) };
        response.send(source)
    }
}
