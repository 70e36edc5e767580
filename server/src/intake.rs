use std::{sync::Arc, time::Duration};

use axum::{BoxError, body::Body};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// All bodies together may take as much memory as so many of the largest.
const LARGEST: usize = 64;

/// How long a body may wait for room.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes bodies in. A cheap handle on the memory that all of them share.
#[derive(Clone)]
pub(crate) struct Intake {
    /// How many bytes a body may have.
    most: usize,
    room: Arc<Semaphore>,
}

/// A body that is all there. Its room is free again when this is dropped.
pub(crate) struct Taken {
    pub(crate) bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

/// Why a body was not taken in.
pub(crate) enum Lost {
    TooLarge,
    BrokenOff,
    NoRoom,
}

impl Intake {
    pub(crate) fn of_bodies_up_to(most: usize) -> Self {
        let bytes = most.saturating_mul(LARGEST).min(Semaphore::MAX_PERMITS);
        Self { most, room: Arc::new(Semaphore::new(bytes)) }
    }

    pub(crate) async fn take(&self, body: &mut Body) -> Result<Taken, Lost> {
        let mut body = Limited::new(body, self.most);
        let mut bytes = BytesMut::new();
        let mut room: Option<OwnedSemaphorePermit> = None;
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(|error| lost(&error))?.into_data() else { continue };
            let more = self.make_room(piece.len()).await?;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Taken { bytes: bytes.freeze(), _room: room })
    }

    async fn make_room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Lost> {
        let bytes = u32::try_from(bytes).map_err(|_| Lost::TooLarge)?;
        let room = Arc::clone(&self.room).acquire_many_owned(bytes);
        timeout(PATIENCE, room).await.map_err(|_| Lost::NoRoom)?.map_err(|_| Lost::NoRoom)
    }
}

fn lost(error: &BoxError) -> Lost {
    if error.is::<LengthLimitError>() { Lost::TooLarge } else { Lost::BrokenOff }
}
