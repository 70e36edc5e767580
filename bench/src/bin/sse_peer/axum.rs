//! axum's own `Sse`, as its documentation has it.

use std::{convert::Infallible, io};

use axum::{
    Router,
    extract::RawQuery,
    response::sse::{Event, Sse},
    routing::get,
    serve::ListenerExt,
};
use futures::{Stream, stream};
use tokio::net::TcpListener;

use crate::timed_event::{Asked, TimedEvent};

pub(crate) async fn serve(listener: TcpListener) -> io::Result<()> {
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().route("/sse", get(answer))).await
}

async fn answer(RawQuery(query): RawQuery) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let asked = Asked::parse(query.as_deref());
    Sse::new(stream::unfold(0, move |i| async move {
        if i >= asked.n {
            return None;
        }
        asked.due(i).await;
        let event = Event::default().json_data(TimedEvent::now(i)).unwrap_or_default();
        Some((Ok(event), i + 1))
    }))
}
