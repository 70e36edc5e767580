use async_openai::types::chat::{ChatCompletionRequestMessage, CreateChatCompletionRequest};
use serde::Serialize;

/// The body of `POST /chat/completions`: OpenAI's own words, and a few that only some servers know.
/// Those are sent to these servers alone, as others may refuse what they do not know.
#[derive(Debug, Serialize)]
pub(super) struct ChatRequest {
    #[serde(flatten)]
    standard: CreateChatCompletionRequest,
    /// llama.cpp's: tell how much of the prompt was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    return_progress: Option<bool>,
    /// vLLM's: go on with the last message, instead of opening another.
    #[serde(skip_serializing_if = "Option::is_none")]
    continue_final_message: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    add_generation_prompt: Option<bool>,
}

impl ChatRequest {
    pub(super) fn new(standard: CreateChatCompletionRequest) -> Self {
        Self {
            standard,
            return_progress: None,
            continue_final_message: None,
            add_generation_prompt: None,
        }
    }

    /// Whether its last message is one that the model is to go on with.
    pub(super) fn is_continued(&self) -> bool {
        matches!(self.standard.messages.last(), Some(ChatCompletionRequestMessage::Assistant(_)))
    }

    pub(super) fn with_progress(self) -> Self {
        Self { return_progress: Some(true), ..self }
    }

    pub(super) fn with_continuation(self) -> Self {
        Self { continue_final_message: Some(true), add_generation_prompt: Some(false), ..self }
    }
}
