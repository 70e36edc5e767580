use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::{ErrorKind, Message, Request};

/// Which of OpenAI's words an endpoint understands, for one of its models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    form: Form,
    /// `maxLength` in the schema: not in everybody's.
    bounds: bool,
    /// `stream_options`: the usage is told at the end.
    usage: bool,
    /// `temperature`: refused by models that think.
    temperature: bool,
}

/// How an answer is held to its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `response_format: json_schema`: the model can write nothing else.
    Schema,
    /// `response_format: json_object`: it writes some JSON object.
    Object,
    /// By words alone.
    Words,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { form: Form::Schema, bounds: true, usage: true, temperature: true }
    }
}

impl Dialect {
    /// The request in this dialect.
    pub(super) fn phrase(self, request: &Request, model: &str) -> Value {
        let messages: Vec<Value> = request
            .messages
            .iter()
            .map(|Message { role, content }| json!({ "role": role.as_str(), "content": content }))
            .collect();
        let mut body = json!({ "model": model, "messages": messages, "stream": true });
        if self.usage {
            body["stream_options"] = json!({ "include_usage": true });
        }
        if self.temperature {
            body["temperature"] = json!(0.2);
        }
        let Some(schema) = &request.schema else { return body };
        self.describe(schema, &mut body["messages"]);
        match self.form {
            Form::Schema => {
                body["response_format"] = json!({
                    "type": "json_schema",
                    "json_schema": {
                        "name": "answer",
                        "strict": true,
                        "schema": self.bounded(schema),
                    },
                });
            }
            Form::Object => body["response_format"] = json!({ "type": "json_object" }),
            Form::Words => {}
        }
        body
    }

    fn bounded(self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        if let (false, Some(properties)) = (self.bounds, properties) {
            for property in properties.values_mut().filter_map(Value::as_object_mut) {
                property.remove("maxLength");
            }
        }
        schema
    }

    /// Describes the form in the first message, too: an endpoint may accept a schema and not heed
    /// it.
    fn describe(self, schema: &Value, messages: &mut Value) {
        let Some(first) = messages.pointer_mut("/0/content") else { return };
        let mut text = first.as_str().unwrap_or_default().trim_end().to_owned();
        text.push_str(
            "\n\nAnswer with one JSON object and nothing else: no code fence, no remarks.",
        );
        let members = members(schema);
        if !members.is_empty() {
            text.push_str(" Its members, in this order: ");
            text.push_str(&members.join(", "));
            text.push('.');
        }
        if self.form != Form::Schema {
            text.push_str(" It must be valid against this JSON Schema:\n");
            text.push_str(&schema.to_string());
        }
        *first = text.into();
    }

    /// What is left of this dialect once the endpoint refused a part of it. `None` when the refusal
    /// is about something else.
    pub(super) fn without(self, refusal: &Refusal) -> Option<Self> {
        if refusal.kind() != ErrorKind::Rejected || !matches!(refusal.status(), Some(400 | 422)) {
            return None;
        }
        let complaint = refusal.complaint();
        let names = |words: &[&str]| words.iter().any(|word| complaint.contains(word));
        if self.temperature && names(&["temperature"]) {
            return Some(Self { temperature: false, ..self });
        }
        if self.usage && names(&["stream_options", "include_usage"]) {
            return Some(Self { usage: false, ..self });
        }
        let form_is_refused =
            names(&["response_format", "json", "schema", "grammar", "structured"]);
        let something_is_refused = names(&["support", "not permitted", "unrecognized", "unknown"]);
        match self.form {
            Form::Schema if self.bounds && names(&["maxlength", "max_length"]) => {
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

/// The names of the schema's members, quoted, in the order in which they are wanted.
fn members(schema: &Value) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| format!("\"{name}\"")).collect()
}
