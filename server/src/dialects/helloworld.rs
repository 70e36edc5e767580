use bytes::Bytes;
use engine::Batch;
use protocol::{Event, Frames};
use serde::Serialize;
use serde_json::{Value, json};

use super::Dialect;

/// The voice of the first client: unnamed messages with a `status`, and increments of top-level
/// text fields only.
pub(crate) struct Helloworld {
    id: String,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Message<'a> {
    Start { message: &'a str },
    Chunk { data: Value },
    End { message: &'a str },
    Error { message: &'a str },
}

impl Helloworld {
    /// Tells of the generation `id`.
    pub(crate) fn new(id: String) -> Self {
        Self { id }
    }

    /// The generation and the event that an id of this dialect names.
    pub(crate) fn cursor(id: &str) -> Option<(String, u64)> {
        let (generation, event) = id.rsplit_once('-')?;
        Some((generation.to_owned(), event.parse().ok()?))
    }
}

impl Dialect for Helloworld {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        for frame in Frames::new(&batch.frames) {
            let Ok(event) = frame.event() else { continue };
            let Some(message) = message(&event) else { continue };
            out.extend_from_slice(format!("id: {}-{}\ndata: ", self.id, frame.id).as_bytes());
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut out, &message);
            out.extend_from_slice(b"\n\n");
        }
        out.into()
    }
}

fn message(event: &Event) -> Option<Message<'_>> {
    Some(match event {
        Event::Started(_) => Message::Start { message: "开始生成响应..." },
        Event::FieldStarted(field) => chunk(&field.path, "")?,
        Event::FieldDelta(delta) => chunk(&delta.path, &delta.text)?,
        Event::Completed(_) => Message::End { message: "响应生成完成" },
        Event::Stopped {} => Message::Error { message: "生成已停止" },
        Event::Failed(failure) => Message::Error { message: &failure.message },
        _ => return None,
    })
}

/// An increment of one of the two fields that the first client knows.
fn chunk(path: &str, text: &str) -> Option<Message<'static>> {
    match path {
        "/title" => Some(Message::Chunk { data: json!({"title": text}) }),
        "/summary" => Some(Message::Chunk { data: json!({"summary": text}) }),
        _ => None,
    }
}
