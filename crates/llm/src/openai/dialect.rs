use async_openai::types::chat::{
    ChatCompletionRequestAssistantMessage, ChatCompletionRequestMessage,
    ChatCompletionRequestSystemMessage, ChatCompletionRequestUserMessage,
    ChatCompletionStreamOptions, CreateChatCompletionRequest, ResponseFormat,
    ResponseFormatJsonSchema,
};
use serde_json::Value;

use super::ServerKind;
use super::phrase::ChatRequest;
use crate::http::Refusal;
use crate::{ErrorKind, Message, Request, Role, words};

/// A summary is to be faithful rather than varied.
const TEMPERATURE: f32 = 0.2;

/// Words by which endpoints say that they cannot hold an answer to its form. Some say it with
/// status 404 or 500, in plain text, or within the answer.
const FORM_IS_REFUSED: [&str; 9] = [
    "response_format",
    "response format",
    "json",
    "schema",
    "grammar",
    "structured",
    "guided",
    "constrained",
    "requested parameters",
];

/// Which of OpenAI's words an endpoint understands, for one of its models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    form: Form,
    /// `maxLength` and `maxItems` in the schema: not in everybody's.
    bounds: bool,
    /// `stream_options`: the usage is told at the end.
    usage: bool,
    /// `temperature`: refused by models that think.
    temperature: bool,
    /// An assistant's message at the end is gone on with, where the server is of a kind that does.
    prefill: bool,
}

/// How an answer is held to its form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// `response_format: json_schema`: the model can write nothing else.
    #[default]
    Schema,
    /// `response_format: json_object`: it writes some JSON object.
    Object,
    /// By words alone.
    Words,
}

impl Dialect {
    /// All of OpenAI's words, but for what an endpoint is known not to understand.
    pub(super) fn holding_by(form: Form) -> Self {
        Self { form, bounds: true, usage: true, temperature: true, prefill: true }
    }

    /// Whether a model on a server of that kind goes on right behind what was written.
    pub(super) fn writes_on(self, server: ServerKind) -> bool {
        self.prefill && matches!(server, ServerKind::LlamaCpp | ServerKind::Vllm)
    }

    /// The request in this dialect.
    pub(super) fn phrase(self, request: &Request, model: &str, server: ServerKind) -> ChatRequest {
        let writes_on = self.writes_on(server);
        let request = ChatRequest::new(self.standard(request, model, writes_on));
        match server {
            ServerKind::LlamaCpp => request.with_progress(),
            ServerKind::Vllm if writes_on && request.is_continued() => request.with_continuation(),
            _ => request,
        }
    }

    /// What every endpoint is asked.
    fn standard(
        self,
        request: &Request,
        model: &str,
        writes_on: bool,
    ) -> CreateChatCompletionRequest {
        let mut messages = request.messages_to_answer(writes_on);
        if let (Some(schema), Some(first)) = (&request.schema, messages.first_mut()) {
            let is_left_out = self.form != Form::Schema || request.written.is_some();
            first.content = words::with_form(&first.content, schema, is_left_out);
        }
        let include_usage = Some(true);
        let usage = ChatCompletionStreamOptions { include_usage, include_obfuscation: None };
        CreateChatCompletionRequest {
            model: model.to_owned(),
            messages: messages.into_iter().map(typed).collect(),
            stream: Some(true),
            stream_options: self.usage.then_some(usage),
            temperature: self.temperature.then_some(TEMPERATURE),
            response_format: self.format_of(request),
            ..CreateChatCompletionRequest::default()
        }
    }

    /// The rest of an answer is not held to the form of a whole.
    fn format_of(self, request: &Request) -> Option<ResponseFormat> {
        let schema = request.schema.as_ref().filter(|_| request.written.is_none());
        schema.and_then(|schema| self.format(schema))
    }

    fn format(self, schema: &Value) -> Option<ResponseFormat> {
        match self.form {
            Form::Schema => Some(ResponseFormat::JsonSchema {
                json_schema: ResponseFormatJsonSchema {
                    name: "answer".to_owned(),
                    description: None,
                    strict: Some(true),
                    schema: self.bounded(schema),
                },
            }),
            Form::Object => Some(ResponseFormat::JsonObject),
            Form::Words => None,
        }
    }

    fn bounded(self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        if !self.bounds {
            unbind(&mut schema);
        }
        schema
    }

    /// What is left of this dialect once the endpoint refused a part of it. `None` when the refusal
    /// is about something else.
    pub(super) fn without(
        self,
        refusal: &Refusal,
        request: &Request,
        server: ServerKind,
    ) -> Option<Self> {
        let is_about_words = matches!(
            refusal.kind(),
            ErrorKind::Rejected | ErrorKind::UnknownModel | ErrorKind::Broken
        );
        if !is_about_words {
            return None;
        }
        if request.written.is_some() && self.writes_on(server) {
            return Some(Self { prefill: false, ..self });
        }
        let complaint = refusal.complaint();
        let names = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
        if self.temperature && names(&["temperature"]) {
            return Some(Self { temperature: false, ..self });
        }
        if self.usage && names(&["stream_options", "include_usage"]) {
            return Some(Self { usage: false, ..self });
        }
        let form_is_refused = names(&FORM_IS_REFUSED);
        let something_is_refused = matches!(refusal.status(), Some(400 | 422))
            && names(&["support", "not permitted", "unrecognized", "unknown"]);
        match self.form {
            Form::Schema
                if self.bounds && names(&["maxlength", "max_length", "maxitems", "max_items"]) =>
            {
                Some(Self { bounds: false, ..self })
            }
            Form::Schema if form_is_refused || something_is_refused => {
                Some(Self { form: Form::Object, ..self })
            }
            Form::Object if form_is_refused || something_is_refused => {
                Some(Self { form: Form::Words, ..self })
            }
            _ => None,
        }
    }
}

/// Takes the bounds out of a schema, and out of those within it.
fn unbind(schema: &mut Value) {
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop().and_then(Value::as_object_mut) {
        schema.remove("maxLength");
        schema.remove("maxItems");
        for (name, part) in schema.iter_mut() {
            match (name.as_str(), part) {
                ("properties", Value::Object(properties)) => {
                    waiting.extend(properties.values_mut());
                }
                ("items", part) => waiting.push(part),
                _ => {}
            }
        }
    }
}

fn typed(Message { role, content }: Message) -> ChatCompletionRequestMessage {
    match role {
        Role::System => ChatCompletionRequestSystemMessage::from(content).into(),
        Role::User => ChatCompletionRequestUserMessage::from(content).into(),
        Role::Assistant => ChatCompletionRequestAssistantMessage::from(content).into(),
    }
}
