use bytes::Bytes;
use engine::Batch;
use protocol::{Completed, Event, Frames, Snapshot, Started};
use serde_json::{Value, json};

use super::{Dialect, Message};

/// The name and value of the header by which the AI SDK knows its stream.
pub(crate) const UI_MESSAGES_HEADER: (&str, &str) = ("x-vercel-ai-ui-message-stream", "v1");

/// The id of the part that holds a model's thoughts.
const REASONING: &str = "reasoning";

/// The AI SDK's [UI message stream], version 1. Each text of a document is a text part, whose id is
/// its path; the whole document follows as the part `data-document`.
///
/// [UI message stream]: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
pub(crate) struct UiMessages {
    after: u64,
    snapshot: Snapshot,
    /// The part that thoughts are being added to.
    is_thinking: bool,
}

impl UiMessages {
    /// Encodes the events after `after`. Earlier ones are only taken note of.
    pub(crate) fn after(after: u64) -> Self {
        Self { after, snapshot: Snapshot::default(), is_thinking: false }
    }

    /// The parts that an event is.
    fn parts(&mut self, event: &Event) -> Vec<Value> {
        let mut parts = Vec::new();
        if self.is_thinking && !matches!(event, Event::Reasoning(_) | Event::Checkpoint(_)) {
            self.is_thinking = false;
            parts.push(json!({"type": "reasoning-end", "id": REASONING}));
        }
        match event {
            Event::Started(started) => parts.extend(beginning(started)),
            Event::Reasoning(reasoning) => {
                if !std::mem::replace(&mut self.is_thinking, true) {
                    parts.push(json!({"type": "reasoning-start", "id": REASONING}));
                }
                let delta = &reasoning.text;
                parts.push(json!({"type": "reasoning-delta", "id": REASONING, "delta": delta}));
            }
            Event::FieldStarted(field) if self.is_text(&field.path) => {
                parts.push(json!({"type": "text-start", "id": field.path}));
            }
            Event::FieldDelta(delta) => {
                parts.push(json!({"type": "text-delta", "id": delta.path, "delta": delta.text}));
            }
            Event::FieldCompleted(field) if self.is_text(&field.path) => {
                parts.push(json!({"type": "text-end", "id": field.path}));
            }
            Event::Completed(completed) => parts.extend(self.completed(completed)),
            Event::Stopped {} => parts.push(json!({"type": "abort", "reason": "stopped"})),
            Event::Failed(failure) => {
                parts.push(json!({"type": "error", "errorText": failure.message}));
            }
            _ => {}
        }
        parts
    }

    fn is_text(&self, path: &str) -> bool {
        self.snapshot.document.root().pointer(path).is_some_and(Value::is_string)
    }

    fn completed(&self, completed: &Completed) -> [Value; 3] {
        let Completed { finish_reason, usage, timings, coverage } = completed;
        let reason = match finish_reason.as_str() {
            "stop" | "length" => finish_reason,
            "content_filter" => "content-filter",
            _ => "other",
        };
        let metadata = json!({"usage": usage, "timings": timings, "coverage": coverage});
        [
            json!({"type": "data-document", "id": "document", "data": self.snapshot.document.root()}),
            json!({"type": "finish-step"}),
            json!({"type": "finish", "finishReason": reason, "messageMetadata": metadata}),
        ]
    }
}

fn beginning(started: &Started) -> [Value; 2] {
    let Started { generation_id, provider, model, shape, .. } = started;
    let metadata = json!({"provider": provider, "model": model, "shape": shape});
    [
        json!({"type": "start", "messageId": generation_id, "messageMetadata": metadata}),
        json!({"type": "start-step"}),
    ]
}

impl Dialect for UiMessages {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        for frame in Frames::new(&batch.frames) {
            let Ok(event) = frame.event() else { continue };
            // What cannot be applied was refused when it was written.
            let _ = self.snapshot.apply(frame.id, &event);
            let parts = self.parts(&event);
            if frame.id <= self.after {
                continue;
            }
            // Who goes on after an id has all the parts of that event: only the last bears it.
            for (at, part) in parts.iter().enumerate() {
                let message = Message::new();
                let is_last = at + 1 == parts.len();
                let message = if is_last { message.id(frame.id) } else { message };
                out.extend(message.json(part).end());
            }
            if event.is_terminal() {
                out.extend(Message::new().text("[DONE]").end());
            }
        }
        out.into()
    }
}
