use bytes::Bytes;
use engine::Batch;
use protocol::{Completed, Event, Failure, Frames, Shape, Snapshot, Usage};
use serde_json::{Value, json};

use super::{Cursor, Dialect, Message};

/// OpenAI's [chat completion], streamed in chunks. A text is sent as it is written; a document, when it
/// is whole, as one JSON object. A failure is a chunk with an `error`, upon which OpenAI's clients raise
/// one.
///
/// [chat completion]: https://platform.openai.com/docs/api-reference/chat-streaming
pub(crate) struct ChatCompletion {
    pub(crate) id: String,
    pub(crate) model: String,
    pub(crate) created_s: u64,
    pub(crate) includes_usage: bool,
    /// What has been written of a document, until it is whole.
    pub(crate) document: Option<Snapshot>,
}

impl ChatCompletion {
    fn send(&self, event: u64, value: &Value, out: &mut Vec<u8>) {
        let cursor = Cursor { generation: self.id.clone(), event, chars: 0 };
        out.extend(Message::new().id(cursor).json(value).end());
    }

    fn chunk(&self, event: u64, delta: &Value, finish: Option<&str>, out: &mut Vec<u8>) {
        let choices = json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
        self.send(event, &self.body(&choices), out);
    }

    fn body(&self, choices: &Value) -> Value {
        json!({
            "id": completion_id(&self.id),
            "object": "chat.completion.chunk",
            "created": self.created_s,
            "model": self.model,
            "choices": choices,
        })
    }

    fn end(&self, event: u64, finish: &str, usage: Option<Usage>, out: &mut Vec<u8>) {
        self.chunk(event, &json!({}), Some(finish), out);
        if self.includes_usage {
            let mut body = self.body(&json!([]));
            body["usage"] = usage_of(usage);
            self.send(event, &body, out);
        }
        out.extend(Message::new().text("[DONE]").end());
    }

    fn complete(&self, event: u64, completed: &Completed, out: &mut Vec<u8>) {
        if let Some(snapshot) = &self.document {
            let content = snapshot.document.root().to_string();
            self.chunk(event, &json!({ "content": content }), None, out);
        }
        self.end(event, finish_of(&completed.finish_reason), completed.usage, out);
    }

    fn fail(&self, event: u64, failure: &Failure, out: &mut Vec<u8>) {
        // What is cut short is no failure in this dialect, as long as it is no document.
        if failure.code == protocol::FailureCode::TruncatedOutput && self.document.is_none() {
            return self.end(event, "length", None, out);
        }
        self.send(event, &error_of(failure), out);
    }
}

impl Dialect for ChatCompletion {
    fn encode(&mut self, batch: Batch) -> Bytes {
        let mut out = Vec::new();
        let path = Shape::COMPLETION.text_path();
        for frame in Frames::new(&batch.frames) {
            let Ok(event) = frame.event() else { continue };
            if let Some(snapshot) = &mut self.document {
                // What cannot be applied was refused when it was written.
                let _ = snapshot.apply(frame.id, &event);
            }
            match event {
                Event::Started(_) => {
                    let role = json!({"role": "assistant", "content": ""});
                    self.chunk(frame.id, &role, None, &mut out);
                }
                Event::Reasoning(reasoning) => {
                    let delta = json!({ "reasoning_content": reasoning.text });
                    self.chunk(frame.id, &delta, None, &mut out);
                }
                Event::FieldDelta(delta) if self.document.is_none() && delta.path == path => {
                    self.chunk(frame.id, &json!({ "content": delta.text }), None, &mut out);
                }
                Event::Completed(completed) => self.complete(frame.id, &completed, &mut out),
                Event::Stopped {} => self.end(frame.id, "stop", None, &mut out),
                Event::Failed(failure) => self.fail(frame.id, &failure, &mut out),
                _ => {}
            }
        }
        out.into()
    }
}

/// A generation's id as OpenAI's clients know it.
pub(crate) fn completion_id(generation: &str) -> String {
    format!("chatcmpl-{generation}")
}

/// Why it stopped, in OpenAI's words.
pub(crate) fn finish_of(reason: &str) -> &'static str {
    match reason {
        "length" => "length",
        "content_filter" => "content_filter",
        _ => "stop",
    }
}

/// What was counted, as far as the provider has told it.
pub(crate) fn usage_of(usage: Option<Usage>) -> Value {
    let Some(Usage { input_tokens, output_tokens, .. }) = usage else {
        return json!({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0});
    };
    json!({
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
    })
}

/// A failure, as OpenAI's errors are.
pub(crate) fn error_of(failure: &Failure) -> Value {
    json!({"error": {
        "message": failure.message,
        "type": "server_error",
        "param": null,
        "code": failure.code,
    }})
}
