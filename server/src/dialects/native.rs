use bytes::Bytes;
use engine::Batch;

use super::Dialect;

/// The log's own voice: what is stored is what is sent.
pub(crate) struct Native;

impl Dialect for Native {
    fn encode(&mut self, batch: Batch) -> Bytes {
        batch.frames
    }
}
