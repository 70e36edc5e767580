use bytes::Bytes;
use engine::Batch;

use super::Dialect;

/// The log's own format: the stored bytes are sent unchanged.
pub(crate) struct Native;

impl Dialect for Native {
    fn encode(&mut self, batch: Batch) -> Bytes {
        batch.frames
    }
}
