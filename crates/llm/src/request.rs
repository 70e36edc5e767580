use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// What a model is told whose answer broke off, and that does not go on by itself.
const WRITE_ON: &str = "Your answer broke off at its last character. Write the rest of it, beginning \
    with the very next character, so that both together are the whole answer. Do not write \
    anything again that is there already, and add no remarks.";

/// What a model is asked for: to answer the last of some messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What was said so far, the oldest first.
    pub messages: Vec<Message>,
    /// A text that the messages are about, or passages of it. It is data, whatever it says.
    pub source: Option<String>,
    /// The answer's form: a JSON Schema of a closed object. None asks for plain text.
    pub schema: Option<Value>,
    /// Another model than the provider's own.
    pub model: Option<String>,
    /// How much is to be written.
    pub budget: Budget,
    /// What was written of the answer before it broke off: the rest of it is wanted. The form cannot
    /// be held to then, as that would hold the rest to the form of a whole.
    pub written: Option<String>,
}

impl Request {
    /// A request to answer the last of some messages in plain text.
    #[must_use]
    pub fn text(messages: Vec<Message>, source: Option<String>) -> Self {
        Self {
            messages,
            source,
            schema: None,
            model: None,
            budget: Budget::default(),
            written: None,
        }
    }

    /// A request to do with `input` what `instructions` say, and to answer with an object of that
    /// schema.
    #[must_use]
    pub fn document(instructions: String, input: String, schema: Value) -> Self {
        let message = |role, content| Message { role, content };
        Self {
            messages: vec![message(Role::System, instructions), message(Role::User, input)],
            source: None,
            schema: Some(schema),
            model: None,
            budget: Budget::default(),
            written: None,
        }
    }

    /// The messages with the source in them, for providers that know nothing but messages: before the
    /// first of the user's, between tags that it cannot contain, as they bear its hash. It gets no
    /// message of its own, since some models take only roles that alternate.
    #[must_use]
    pub fn messages_with_source(&self) -> Vec<Message> {
        let mut messages = self.messages.clone();
        let first = messages.iter_mut().find(|message| message.role == Role::User);
        if let (Some(source), Some(first)) = (&self.source, first) {
            let mut hasher = DefaultHasher::new();
            source.hash(&mut hasher);
            let tag = format!("source-{:016x}", hasher.finish());
            let asked = &first.content;
            first.content = format!("<{tag}>\n{source}\n</{tag}>\n\n{asked}");
        }
        messages
    }

    /// As [`messages_with_source`](Self::messages_with_source), and behind them what was written
    /// of the answer before it broke off. A model that `writes_on` goes on from there; any other is
    /// told to.
    #[must_use]
    pub fn messages_to_answer(&self, writes_on: bool) -> Vec<Message> {
        let mut messages = self.messages_with_source();
        let Some(written) = &self.written else { return messages };
        messages.push(Message { role: Role::Assistant, content: written.clone() });
        if !writes_on {
            messages.push(Message { role: Role::User, content: WRITE_ON.to_owned() });
        }
        messages
    }

    /// The last message of that role; empty when there is none.
    #[must_use]
    pub fn last(&self, role: Role) -> &str {
        let found = self.messages.iter().rfind(|message| message.role == role);
        found.map(|message| message.content.as_str()).unwrap_or_default()
    }
}

/// One message of a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose it is.
    pub role: Role,
    /// What it says.
    pub content: String,
}

/// Whose a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Unspool's own instructions.
    System,
    /// The user's words, which are untrusted: texts to work on, questions.
    User,
    /// What a model answered before.
    Assistant,
}

impl Role {
    /// The role's name in OpenAI's and Ollama's APIs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
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
    /// As much as there is to be said: nothing is left out.
    Full,
}
