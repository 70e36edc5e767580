use bytes::Bytes;
use engine::Batch;
use protocol::{Event, Frames};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Cursor, Dialect, Message};

/// The format of `/helloworld`: unnamed messages with a `status`, and increments of top-level text
/// fields only.
pub(crate) struct Helloworld {
    generation: String,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Status<'a> {
    Start { message: &'a str },
    Chunk { data: Value },
    End { message: &'a str },
    Error { message: &'a str },
}

impl Helloworld {
    /// Encodes the events of the generation with that id.
    pub(crate) fn new(generation: String) -> Self {
        Self { generation }
    }
}

impl Dialect for Helloworld {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        for frame in Frames::new(&batch.frames) {
            let Ok(event) = frame.event() else { continue };
            let Some(status) = status(&event) else { continue };
            let cursor = Cursor { generation: self.generation.clone(), event: frame.id, chars: 0 };
            out.extend(Message::new().id(cursor).json(&status).end());
        }
        out.into()
    }
}

fn status(event: &Event) -> Option<Status<'_>> {
    Some(match event {
        Event::Started(_) => Status::Start { message: "开始生成响应..." },
        Event::FieldStarted(field) => chunk(&field.path, "")?,
        Event::FieldDelta(delta) => chunk(&delta.path, &delta.text)?,
        Event::Completed(_) => Status::End { message: "响应生成完成" },
        Event::Stopped {} => Status::Error { message: "生成已停止" },
        Event::Failed(failure) => Status::Error { message: &failure.message },
        _ => return None,
    })
}

/// An increment of one of the two fields that its clients know.
fn chunk(path: &str, text: &str) -> Option<Status<'static>> {
    match path {
        "/title" => Some(Status::Chunk { data: json!({"title": text}) }),
        "/summary" => Some(Status::Chunk { data: json!({"summary": text}) }),
        _ => None,
    }
}
