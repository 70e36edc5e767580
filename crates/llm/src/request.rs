use serde_json::Value;

/// What a model is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What to do with the input, in words.
    pub instructions: String,
    /// The text to work on. Untrusted: it is handed on as the user's words, never as instructions.
    pub input: String,
    /// The answer's form: a JSON Schema of a closed object with text members.
    pub schema: Value,
    /// Another model than the provider's own.
    pub model: Option<String>,
    /// How much is to be written.
    pub budget: Budget,
}

/// How much is to be written: a hint for a model, a bound for an extractive engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Budget {
    /// One or two sentences.
    Short,
    /// A paragraph.
    #[default]
    Medium,
    /// Several paragraphs.
    Long,
}
