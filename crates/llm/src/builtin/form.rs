//! What an answer must look like: the members that a JSON Schema asks for, in its order.

use serde_json::Value;

use super::lexicon::{DECISION_LISTS, PEOPLE_LISTS, TASK_LISTS, TASK_MEMBERS};

/// A text member this short is a headline.
const HEADLINE: usize = 160;

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
    /// A list of texts.
    List { of: Listed, bounds: ListBounds },
    /// A list of tasks, as objects with members of these names.
    Tasks { members: Vec<String>, bounds: ListBounds },
    /// The only value that is allowed.
    Plain(Value),
    /// What no sentence of a text is: why it is not filled.
    Never(&'static str),
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// The sentences that tell the most.
    Points,
    People,
    Decisions,
    Tasks,
}

/// How much a list may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListBounds {
    pub(super) items: usize,
    /// Characters of each text in it.
    pub(super) chars: usize,
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
    if let Some(only) = property.get("const") {
        return Content::Plain(only.clone());
    }
    if property.get("enum").is_some() {
        return Content::Never("a choice");
    }
    let most = bound(property, "maxLength");
    match kind {
        Some("string") | None if name == "title" || most <= HEADLINE => Content::Headline(most),
        Some("string") | None => Content::Extract(most),
        Some("array") => list(name, property),
        Some("number" | "integer") => Content::Never("a number"),
        Some("boolean") => Content::Never("true or false"),
        Some("object") => Content::Never("an object"),
        Some(_) => Content::Plain(Value::Null),
    }
}

fn list(name: &str, property: &Value) -> Content {
    let item = property.get("items").unwrap_or(&Value::Null);
    let bounds = ListBounds { items: bound(property, "maxItems"), chars: bound(item, "maxLength") };
    if let Some(members) = item.get("properties").and_then(Value::as_object) {
        let members: Vec<String> = members.keys().cloned().collect();
        if members.iter().all(|name| TASK_MEMBERS.has(name)) {
            return Content::Tasks { members, bounds };
        }
        return Content::Never("a list of objects");
    }
    if item.get("type").is_some_and(|kind| kind != "string") || item.get("enum").is_some() {
        return Content::Never("a list of something else than texts");
    }
    let kinds = [
        (PEOPLE_LISTS, Listed::People),
        (DECISION_LISTS, Listed::Decisions),
        (TASK_LISTS, Listed::Tasks),
    ];
    let named = kinds.into_iter().find_map(|(names, kind)| names.has(name).then_some(kind));
    Content::List { of: named.unwrap_or(Listed::Points), bounds }
}

fn bound(schema: &Value, keyword: &str) -> usize {
    let most = schema.get(keyword).and_then(Value::as_u64);
    most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_is_that_of_required() {
        let schema = json!({
            "properties": {"a": {"type": "string"}, "title": {"type": "string"}, "n": {"const": 7}, "tag": {"type": "string", "maxLength": 20}},
            "required": ["title", "n", "a", "tag"],
        });
        let members: Vec<(String, Content)> =
            members(&schema).into_iter().map(|member| (member.name, member.content)).collect();
        assert_eq!(
            members,
            [
                ("title".to_owned(), Content::Headline(usize::MAX)),
                ("n".to_owned(), Content::Plain(json!(7))),
                ("a".to_owned(), Content::Extract(usize::MAX)),
                ("tag".to_owned(), Content::Headline(20)),
            ]
        );
    }
}
