use engine::{Engine, Start};
use http::HeaderMap;
use protocol::NewGeneration;

use super::generations::OWNER;
use crate::{dialects::Cursor, problem::Refusal};

/// Where a stream begins that starts its own generation: where `Last-Event-ID` says, or with a
/// new generation that reads `text`. A client that comes back starts nothing twice.
pub(crate) async fn resume_or_start(
    engine: &Engine,
    headers: &HeaderMap,
    text: String,
) -> Result<Cursor, Refusal> {
    if let Some(value) = headers.get("last-event-id") {
        return value.to_str().ok().and_then(Cursor::parse).ok_or_else(|| {
            let detail = "Last-Event-ID must be an id that this stream sent.";
            Refusal::parameter("Last-Event-ID", detail)
        });
    }
    let generation = NewGeneration { text, ..NewGeneration::default() };
    let start = Start { generation, owner: OWNER.to_owned(), key: None };
    Ok(Cursor { generation: engine.start(start).await?.id, event: 0, chars: 0 })
}
