use serde_json::Value;

use super::refusal::Refusal;
use crate::{Finish, Tokens};

/// One chunk of an answer. Read leniently: what is missing, null or of another type than expected
/// is not there.
pub(super) struct Chunk(Value);

impl Chunk {
    pub(super) fn new(value: Value) -> Self {
        Self(value)
    }

    /// An error in the midst of an answer that began well.
    pub(super) fn error(&self) -> Option<Refusal> {
        let error = self.0.get("error").filter(|error| !error.is_null())?;
        Some(Refusal::in_answer(error))
    }

    /// Text of the answer; a refusal to answer is all the text there will be.
    pub(super) fn text(&self) -> Option<String> {
        self.delta("content").or_else(|| self.delta("refusal"))
    }

    /// What the model thinks, in the two words for it that are in use.
    pub(super) fn reasoning(&self) -> Option<String> {
        self.delta("reasoning_content").or_else(|| self.delta("reasoning"))
    }

    /// Why the model stopped.
    pub(super) fn finish(&self) -> Option<Finish> {
        let reason = self.0.pointer("/choices/0/finish_reason")?.as_str()?;
        match reason {
            "" => None,
            "stop" => Some(Finish::Stop),
            "length" => Some(Finish::Length),
            "content_filter" => Some(Finish::Filtered),
            other => Some(Finish::Other(other.to_owned())),
        }
    }

    /// What was counted. Some endpoints count on each chunk.
    pub(super) fn usage(&self) -> Option<Tokens> {
        let usage = self.0.get("usage")?;
        let count = |name| usage.get(name).and_then(Value::as_u64);
        let (input, output) = (count("prompt_tokens"), count("completion_tokens"));
        (input.is_some() || output.is_some())
            .then(|| Tokens { input: input.unwrap_or(0), output: output.unwrap_or(0) })
    }

    fn delta(&self, member: &str) -> Option<String> {
        let text = self.0.pointer("/choices/0/delta")?.get(member)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    }
}
