use std::{sync::Arc, time::Duration};

use axum::{BoxError, body::Body};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The budget is the size of this many bodies of the greatest length that is accepted.
const LARGEST_BODIES: usize = 64;

/// How long a body waits for its share of the budget before it is refused.
const PERMIT_DEADLINE: Duration = Duration::from_secs(1);

/// The memory that all request bodies share. Clones share one budget.
#[derive(Clone)]
pub(crate) struct BodyBudget {
    /// The greatest length of one body.
    max_bytes: usize,
    bytes: Arc<Semaphore>,
}

/// A body that has been received as a whole. Dropping it gives its bytes back to the budget.
pub(crate) struct BufferedBody {
    pub(crate) bytes: Bytes,
    _permit: Option<OwnedSemaphorePermit>,
}

/// Why a body could not be received.
pub(crate) enum ReadError {
    TooLarge,
    BrokenOff,
    NoBudget,
}

impl BodyBudget {
    pub(crate) fn new(max_bytes: usize) -> Self {
        let all = max_bytes.saturating_mul(LARGEST_BODIES).min(Semaphore::MAX_PERMITS);
        Self { max_bytes, bytes: Arc::new(Semaphore::new(all)) }
    }

    /// Receives `body`, and takes from the budget for each frame before it is kept.
    pub(crate) async fn read(&self, body: &mut Body) -> Result<BufferedBody, ReadError> {
        let mut body = Limited::new(body, self.max_bytes);
        let mut bytes = BytesMut::new();
        let mut permit: Option<OwnedSemaphorePermit> = None;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|error| read_error(&error))?.into_data() else { continue };
            let more = self.acquire(data.len()).await?;
            match &mut permit {
                Some(permit) => permit.merge(more),
                None => permit = Some(more),
            }
            bytes.extend_from_slice(&data);
        }
        Ok(BufferedBody { bytes: bytes.freeze(), _permit: permit })
    }

    async fn acquire(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ReadError> {
        let bytes = u32::try_from(bytes).map_err(|_| ReadError::TooLarge)?;
        let permit = timeout(PERMIT_DEADLINE, Arc::clone(&self.bytes).acquire_many_owned(bytes));
        permit.await.ok().and_then(Result::ok).ok_or(ReadError::NoBudget)
    }
}

fn read_error(error: &BoxError) -> ReadError {
    if error.is::<LengthLimitError>() { ReadError::TooLarge } else { ReadError::BrokenOff }
}
