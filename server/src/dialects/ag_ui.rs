use bytes::Bytes;
use engine::Batch;
use protocol::{Completed, Event, Frames, Snapshot, Started};
use serde_json::{Value, json};

use super::{Dialect, Message};

/// The [AG-UI] protocol's events. Each text of a document is a message, whose id is the generation's
/// and its path; the document is the state, which grows by a field as that is whole. Unlike AG-UI
/// itself, events have ids, and streams go on after them.
///
/// [AG-UI]: https://docs.ag-ui.com/concepts/events
pub(crate) struct AgUi {
    after: u64,
    snapshot: Snapshot,
    is_thinking: bool,
    /// The messages that have not ended, by their paths.
    open: Vec<String>,
}

impl AgUi {
    /// Encodes the events after `after`. Earlier ones are only taken note of.
    pub(crate) fn after(generation: &str, after: u64) -> Self {
        let snapshot = Snapshot { id: generation.to_owned(), ..Snapshot::default() };
        Self { after, snapshot, is_thinking: false, open: Vec::new() }
    }

    /// AG-UI's events for one of the log.
    fn events(&mut self, event: &Event) -> Vec<Value> {
        let mut events = Vec::new();
        if !matches!(event, Event::Reasoning(_) | Event::Checkpoint(_)) {
            self.end_thinking(&mut events);
        }
        match event {
            Event::Started(started) => events.extend(self.started(started)),
            Event::Progress(progress) => {
                events.push(json!({"type": "CUSTOM", "name": "progress", "value": progress}));
            }
            Event::Reasoning(reasoning) => self.think(&reasoning.text, &mut events),
            Event::FieldStarted(field) if self.is_text(&field.path) => {
                self.open.push(field.path.clone());
                let id = self.message_id(&field.path);
                events.push(json!({
                    "type": "TEXT_MESSAGE_START", "messageId": id, "role": "assistant",
                }));
            }
            Event::FieldStarted(field) => {
                events.push(add(&field.path, &field.kind.empty()));
            }
            Event::FieldDelta(delta) => {
                let id = self.message_id(&delta.path);
                events.push(json!({
                    "type": "TEXT_MESSAGE_CONTENT", "messageId": id, "delta": delta.text,
                }));
            }
            Event::FieldSet(field) => events.push(add(&field.path, &field.value)),
            Event::FieldCompleted(field) if self.is_text(&field.path) => {
                self.end_messages(&mut events, |path| path == field.path);
                if let Some(text) = self.snapshot.document.root().pointer(&field.path) {
                    events.push(add(&field.path, text));
                }
            }
            Event::Completed(completed) => {
                self.end_messages(&mut events, |_| true);
                events.push(self.completed(completed));
            }
            Event::Stopped {} => {
                self.end_messages(&mut events, |_| true);
                events.push(self.run("RUN_FINISHED", "outcome", &json!({"type": "cancelled"})));
            }
            Event::Failed(failure) => events.push(json!({
                "type": "RUN_ERROR", "message": failure.message, "code": failure.code,
            })),
            _ => {}
        }
        events
    }

    fn started(&self, started: &Started) -> [Value; 3] {
        [
            self.run("RUN_STARTED", "protocolVersion", &json!("1.0.0")),
            json!({"type": "STATE_SNAPSHOT", "snapshot": {}}),
            json!({"type": "CUSTOM", "name": "started", "value": started}),
        ]
    }

    fn completed(&self, completed: &Completed) -> Value {
        let mut event = self.run("RUN_FINISHED", "outcome", &json!({"type": "success"}));
        event["result"] = json!({
            "document": self.snapshot.document.root(),
            "finish_reason": completed.finish_reason,
            "usage": completed.usage,
            "timings": completed.timings,
            "coverage": completed.coverage,
        });
        event
    }

    /// An event about the run, which is the only one of its thread.
    fn run(&self, kind: &str, member: &str, value: &Value) -> Value {
        let id = &self.snapshot.id;
        json!({"type": kind, "threadId": id, "runId": id, member: value})
    }

    fn think(&mut self, text: &str, events: &mut Vec<Value>) {
        let id = self.message_id("#reasoning");
        if !std::mem::replace(&mut self.is_thinking, true) {
            events.push(json!({"type": "REASONING_START", "messageId": id}));
            events.push(json!({
                "type": "REASONING_MESSAGE_START", "messageId": id, "role": "reasoning",
            }));
        }
        events.push(json!({"type": "REASONING_MESSAGE_CONTENT", "messageId": id, "delta": text}));
    }

    fn end_thinking(&mut self, events: &mut Vec<Value>) {
        if std::mem::take(&mut self.is_thinking) {
            let id = self.message_id("#reasoning");
            events.push(json!({"type": "REASONING_MESSAGE_END", "messageId": id}));
            events.push(json!({"type": "REASONING_END", "messageId": id}));
        }
    }

    /// Ends the messages of these paths: a run that ends leaves none open.
    fn end_messages(&mut self, events: &mut Vec<Value>, is_meant: impl Fn(&str) -> bool) {
        let (ended, open) =
            std::mem::take(&mut self.open).into_iter().partition(|path| is_meant(path));
        self.open = open;
        let ended: Vec<String> = ended;
        events.extend(
            ended.iter().map(
                |path| json!({"type": "TEXT_MESSAGE_END", "messageId": self.message_id(path)}),
            ),
        );
    }

    fn message_id(&self, path: &str) -> String {
        format!("{}{path}", self.snapshot.id)
    }

    fn is_text(&self, path: &str) -> bool {
        self.snapshot.document.root().pointer(path).is_some_and(Value::is_string)
    }
}

fn add(path: &str, value: &Value) -> Value {
    json!({"type": "STATE_DELTA", "delta": [{"op": "add", "path": path, "value": value}]})
}

impl Dialect for AgUi {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        for frame in Frames::new(&batch.frames) {
            let Ok(event) = frame.event() else { continue };
            // What cannot be applied was refused when it was written.
            let _ = self.snapshot.apply(frame.id, &event);
            let events = self.events(&event);
            if frame.id <= self.after {
                continue;
            }
            // Who goes on after an id has all that came of that event: only the last bears it.
            for (at, event) in events.iter().enumerate() {
                let message = Message::new();
                let is_last = at + 1 == events.len();
                let message = if is_last { message.id(frame.id) } else { message };
                out.extend(message.json(event).end());
            }
        }
        out.into()
    }
}
