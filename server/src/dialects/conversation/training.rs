use std::{
    fmt,
    str::FromStr,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use engine::{StoreError, TrainingEvent, TrainingEventKind, TrainingStream};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde_json::json;

use crate::dialects::{Message, Source};

/// A training in the fifth seed's format. A chunk is the text itself, and not JSON.
pub(crate) struct Trainings {
    incoming: BoxStream<'static, Result<Vec<TrainingEvent>, StoreError>>,
    event: u64,
}

/// The id of a training's message: the training and the event in its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrainingCursor {
    pub(crate) generation_id: String,
    pub(crate) event: u64,
}

impl fmt::Display for TrainingCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.generation_id, self.event)
    }
}

impl FromStr for TrainingCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (generation_id, event) = text.rsplit_once('-').ok_or(())?;
        let is_number = event.bytes().all(|byte| byte.is_ascii_digit());
        let event = event.parse().ok().filter(|_| is_number).ok_or(())?;
        Ok(Self { generation_id: generation_id.to_owned(), event })
    }
}

impl Trainings {
    pub(crate) fn new(stream: TrainingStream) -> Self {
        let incoming = stream::try_unfold(stream, async |mut stream| {
            Ok(stream.next().await?.map(|incoming| (incoming, stream)))
        });
        Self { incoming: incoming.boxed(), event: 0 }
    }
}

impl Source for Trainings {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, StoreError>>> {
        let Some(events) = ready!(self.incoming.poll_next_unpin(context)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(events.map(|events| {
            let mut out = Vec::new();
            for event in events {
                self.event = event.event;
                out.extend(encode(event));
            }
            out.into()
        })))
    }

    fn cursor(&self) -> u64 {
        self.event
    }
}

fn encode(event: TrainingEvent) -> Vec<u8> {
    let TrainingEvent { generation_id, event, kind } = event;
    let message = Message::new().id(TrainingCursor { generation_id, event });
    let message = match kind {
        TrainingEventKind::Started { persona_id, message: taught } => message
            .event("training_start")
            .json(&json!({"digital_human_id": persona_id, "message": taught})),
        TrainingEventKind::Chunk(text) => message.event("training_chunk").text(&text),
        TrainingEventKind::Completed { version } => message
            .event("training_complete")
            .json(&json!({"message": "训练完成", "version": version})),
        TrainingEventKind::Failed { error } => {
            message.event("training_error").json(&json!({"error": error}))
        }
    };
    message.end()
}
