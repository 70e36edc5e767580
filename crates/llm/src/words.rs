use serde_json::Value;

/// The instructions with an answer's form described in words, since a schema may be accepted and
/// not heeded. All of it is told where the schema itself `is_left_out`.
pub(crate) fn with_form(instructions: &str, schema: &Value, is_left_out: bool) -> String {
    let mut text = instructions.trim_end().to_owned();
    text.push_str("\n\nAnswer with one JSON object and nothing else: no code fence, no remarks.");
    let members = members(schema);
    if !members.is_empty() {
        text.push_str(" Its members, in this order: ");
        text.push_str(&members.join(", "));
        text.push('.');
    }
    if is_left_out {
        text.push_str(" It must be valid against this JSON Schema:\n");
        text.push_str(&schema.to_string());
    }
    text
}

/// The names of the schema's members, quoted, in the order in which they are wanted.
fn members(schema: &Value) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| format!("\"{name}\"")).collect()
}
