//! What an answer must look like: the members that a JSON Schema asks for, in its order.

use serde_json::{Value, json};

/// A text member this short is a headline.
const HEADLINE: u64 = 160;

/// A member of the answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) content: Content,
}

/// What goes into a member.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// A headline of at most so many characters.
    Headline(usize),
    /// An extract of at most so many characters.
    Extract(usize),
    /// Not a text: the plainest value of its type.
    Plain(Value),
}

/// The members that a schema asks for: those of `required` in its order; without it, all
/// properties.
pub(super) fn members(schema: &Value) -> Vec<Member> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> = match schema.get("required").and_then(Value::as_array) {
        Some(required) => required.iter().filter_map(Value::as_str).collect(),
        None => properties.into_iter().flat_map(|all| all.keys()).map(String::as_str).collect(),
    };
    let none = Value::Null;
    let property = |name: &str| properties.and_then(|all| all.get(name)).unwrap_or(&none);
    names
        .into_iter()
        .map(|name| Member { name: name.to_owned(), content: content(name, property(name)) })
        .collect()
}

fn content(name: &str, property: &Value) -> Content {
    let kind = match property.get("type") {
        Some(Value::Array(kinds)) if kinds.iter().any(|kind| kind == "string") => Some("string"),
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
        other => other.and_then(Value::as_str),
    };
    if let Some(first) =
        property.get("const").or_else(|| property.get("enum").and_then(|all| all.get(0)))
    {
        return Content::Plain(first.clone());
    }
    let bound = property.get("maxLength").and_then(Value::as_u64);
    let most = bound.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    match kind {
        Some("string") | None if name == "title" || bound.is_some_and(|most| most <= HEADLINE) => {
            Content::Headline(most)
        }
        Some("string") | None => Content::Extract(most),
        Some("number" | "integer") => Content::Plain(json!(0)),
        Some("boolean") => Content::Plain(json!(false)),
        Some("array") => Content::Plain(json!([])),
        Some("object") => Content::Plain(json!({})),
        Some(_) => Content::Plain(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_required() {
        let schema = json!({
            "properties": {"a": {"type": "string"}, "title": {"type": "string"}, "n": {"type": "integer"}, "tag": {"type": "string", "maxLength": 20}},
            "required": ["title", "n", "a", "tag"],
        });
        let members: Vec<(String, Content)> =
            members(&schema).into_iter().map(|member| (member.name, member.content)).collect();
        assert_eq!(
            members,
            [
                ("title".to_owned(), Content::Headline(usize::MAX)),
                ("n".to_owned(), Content::Plain(json!(0))),
                ("a".to_owned(), Content::Extract(usize::MAX)),
                ("tag".to_owned(), Content::Headline(20)),
            ]
        );
    }
}
