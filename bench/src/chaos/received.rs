use std::hash::{DefaultHasher, Hash, Hasher};

use test_support::sse::Message;

/// What one viewer received of one generation.
pub(super) struct Received {
    /// The generation.
    pub(super) id: String,
    /// The id of each event and the hash of its frame, in the order of arrival.
    pub(super) events: Vec<(u64, u64)>,
    /// The document that the viewer built from the events. There is none when it did not reach the
    /// end.
    pub(super) document: Option<protocol::Document>,
}

impl Received {
    pub(super) fn new(id: String) -> Self {
        Self { id, events: Vec::new(), document: None }
    }

    pub(super) fn push(&mut self, message: &Message) {
        let Message { id, event, data, .. } = message;
        let frame = format!("id: {id}\nevent: {event}\ndata: {data}\n\n");
        self.events.push((message.number(), hash(&frame)));
    }
}

/// The hash by which a received frame is compared with the stored one. A run receives too many
/// frames to keep them.
pub(super) fn hash(frame: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    frame.hash(&mut hasher);
    hasher.finish()
}
