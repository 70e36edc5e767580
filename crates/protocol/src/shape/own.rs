//! Reads a JSON Schema of a client's own, as far as a document can be filled by it as it comes.

use std::{borrow::Cow, fmt};

use serde_json::{Map, Value};

use super::{Bounds, Field, FieldType, Form, Shape, Wording};
use crate::escape;

/// Properties that the document may have, and an object in it.
const MOST_PROPERTIES: [usize; 2] = [24, 12];
/// The longest name of a property, in bytes.
const MOST_NAME_BYTES: usize = 64;
/// The longest description, in characters.
const MOST_DESCRIPTION_CHARS: usize = 600;
/// Words that may be chosen from, and how long each may be, in characters.
const MOST_CHOICES: usize = 64;
const MOST_CHOICE_CHARS: usize = 100;
/// The most characters of a text that a schema may ask for.
const MOST_CHARS: u64 = 20_000;
/// The most items of a list that a schema may ask for.
const MOST_ITEMS: u64 = 200;

/// What a text, a text in a list, and a list may hold when the schema does not say.
const TEXT: Bounds = Bounds::of_each(600, 1_500, 6_000);
const ITEM: Bounds = Bounds::of_each(300, 400, 600);
const ITEMS: Bounds = Bounds::of_each(12, 32, 64);

/// Keywords that say nothing of what is valid.
const ANNOTATIONS: [&str; 7] =
    ["title", "description", "$schema", "$id", "$comment", "examples", "default"];

const WORDING: Wording = Wording {
    short: "Keep every text as short as can be, and lists to what matters most.",
    medium: "",
    long: "Be thorough: leave out nothing that belongs there.",
};

/// Which part of a schema is not accepted, and what would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// JSON Pointer (RFC 6901) to the part, within the schema.
    pub path: String,
    /// What is wrong with it, and what is accepted there, in whole sentences.
    pub reason: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, reason } = self;
        if path.is_empty() {
            write!(f, "The schema cannot be used. {reason}")
        } else {
            write!(f, "The schema's part {path} cannot be used. {reason}")
        }
    }
}

impl std::error::Error for SchemaError {}

type Read<T> = Result<T, SchemaError>;

impl Shape {
    /// The shape that a JSON Schema describes.
    ///
    /// # Errors
    /// [`SchemaError`] when a part of it is not accepted.
    pub fn own(schema: &Value) -> Result<Self, SchemaError> {
        let part = Part { path: String::new(), depth: 0 };
        let fields = part.object(schema)?;
        Ok(Self {
            name: Self::OWN,
            label: None,
            form: Form::Object,
            fields: Cow::Owned(fields),
            wording: WORDING,
        })
    }
}

/// A part of a schema that is being read.
struct Part {
    path: String,
    /// How many objects it stands in.
    depth: usize,
}

impl Part {
    fn at(&self, token: &str) -> Self {
        Self { path: format!("{}/{}", self.path, escape(token)), depth: self.depth }
    }

    fn error<T>(&self, reason: impl Into<String>) -> Read<T> {
        Err(SchemaError { path: self.path.clone(), reason: reason.into() })
    }

    /// The members of an object's schema.
    fn object(&self, schema: &Value) -> Read<Vec<Field>> {
        let accepted = "Accepted: `{\"type\": \"object\", \"properties\": {…}}`.";
        let Some(keywords) = schema.as_object() else {
            return self.error(format!("It is not an object. {accepted}"));
        };
        self.check_keywords(keywords, &["type", "properties", "required", "additionalProperties"])?;
        if keywords.get("type").is_some_and(|kind| kind != "object") {
            return self.at("type").error(format!("It is not `object`. {accepted}"));
        }
        let Some(properties) = keywords.get("properties").and_then(Value::as_object) else {
            return self.error(format!("It has no properties. {accepted}"));
        };
        if keywords.get("additionalProperties").is_some_and(|more| more != false) {
            let reason =
                "Properties that are not listed cannot be filled: only `false` is accepted.";
            return self.at("additionalProperties").error(reason);
        }
        let most = MOST_PROPERTIES[self.depth.min(1)];
        let properties_part = self.at("properties");
        if properties.is_empty() || properties.len() > most {
            let count = properties.len();
            return properties_part
                .error(format!("There are {count} properties; accepted: 1 to {most}."));
        }
        let fields = properties.iter().map(|(name, schema)| properties_part.property(name, schema));
        fields.collect()
    }

    fn property(&self, name: &str, schema: &Value) -> Read<Field> {
        let part = self.at(name);
        if name.trim().is_empty() || name.len() > MOST_NAME_BYTES {
            return part.error(format!(
                "A property's name may not be blank, nor longer than {MOST_NAME_BYTES} bytes."
            ));
        }
        let Some(keywords) = schema.as_object() else {
            return part.error(format!("It is not a schema. {}", part.accepted()));
        };
        let description = match keywords.get("description") {
            None => Cow::Borrowed(""),
            Some(Value::String(text)) if text.chars().count() <= MOST_DESCRIPTION_CHARS => {
                Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Some(_) => {
                let reason =
                    format!("It must be a text of up to {MOST_DESCRIPTION_CHARS} characters.");
                return part.at("description").error(reason);
            }
        };
        let content = part.content(schema, keywords)?;
        Ok(Field { name: name.to_owned().into(), label: None, description, content })
    }

    fn content(&self, schema: &Value, keywords: &Map<String, Value>) -> Read<FieldType> {
        if let Some(words) = keywords.get("enum") {
            self.check_keywords(keywords, &["type", "enum"])?;
            if keywords.get("type").is_some_and(|kind| kind != "string") {
                return self.at("type").error("The words of an `enum` are of the type `string`.");
            }
            return self.at("enum").choice(words);
        }
        match keywords.get("type").and_then(Value::as_str) {
            Some("string") => {
                self.check_keywords(keywords, &["type", "maxLength"])?;
                Ok(FieldType::Text(self.bound(keywords, "maxLength", MOST_CHARS)?.unwrap_or(TEXT)))
            }
            Some(kind @ ("number" | "integer" | "boolean")) => {
                self.check_keywords(keywords, &["type"])?;
                Ok(match kind {
                    "number" => FieldType::Number,
                    "integer" => FieldType::Integer,
                    _ => FieldType::Boolean,
                })
            }
            Some("array") if self.depth == 0 => self.list(keywords),
            Some("object") if self.depth == 0 => Ok(FieldType::Object(self.members(schema)?)),
            Some("array" | "object") => self.error(format!("It is too deep. {}", self.accepted())),
            _ => self.error(format!("Its type is missing or unknown. {}", self.accepted())),
        }
    }

    fn list(&self, keywords: &Map<String, Value>) -> Read<FieldType> {
        self.check_keywords(keywords, &["type", "items", "maxItems"])?;
        let items = self.bound(keywords, "maxItems", MOST_ITEMS)?.unwrap_or(ITEMS);
        let part = self.at("items");
        let accepted = "Accepted: `{\"type\": \"string\"}`, or a flat object.";
        let Some(item) = keywords.get("items") else {
            return self.error(format!("It does not say what its `items` are. {accepted}"));
        };
        match (item.get("type").and_then(Value::as_str), item.as_object()) {
            (Some("string"), Some(keywords)) => {
                part.check_keywords(keywords, &["type", "maxLength"])?;
                let chars = part.bound(keywords, "maxLength", MOST_CHARS)?.unwrap_or(ITEM);
                Ok(FieldType::TextList { items, chars })
            }
            (Some("object"), _) => {
                Ok(FieldType::ObjectList { items, members: part.members(item)? })
            }
            _ => part.error(format!("Lists of this cannot be filled. {accepted}")),
        }
    }

    /// The members of an object within the document.
    fn members(&self, schema: &Value) -> Read<Cow<'static, [Field]>> {
        let within = Self { path: self.path.clone(), depth: self.depth + 1 };
        Ok(Cow::Owned(within.object(schema)?))
    }

    fn choice(&self, words: &Value) -> Read<FieldType> {
        let is_word = |word: &str| !word.is_empty() && word.chars().count() <= MOST_CHOICE_CHARS;
        let listed = words.as_array().into_iter().flatten();
        let found: Option<Vec<String>> = listed
            .map(|word| word.as_str().filter(|word| is_word(word)).map(str::to_owned))
            .collect();
        match found {
            Some(words) if (1..=MOST_CHOICES).contains(&words.len()) => {
                Ok(FieldType::Choice(words))
            }
            _ => self.error(format!(
                "Accepted: a list of 1 to {MOST_CHOICES} texts, each of 1 to {MOST_CHOICE_CHARS} \
                 characters."
            )),
        }
    }

    fn bound(&self, keywords: &Map<String, Value>, name: &str, most: u64) -> Read<Option<Bounds>> {
        let Some(value) = keywords.get(name) else { return Ok(None) };
        match value.as_u64().filter(|value| (1..=most).contains(value)) {
            Some(value) => Ok(u32::try_from(value).ok().map(Bounds::of_all)),
            None => self.at(name).error(format!("Accepted: a whole number from 1 to {most}.")),
        }
    }

    /// Refuses a keyword that would not be obeyed.
    fn check_keywords(&self, keywords: &Map<String, Value>, known: &[&str]) -> Read<()> {
        let unknown = keywords
            .keys()
            .find(|name| !known.contains(&name.as_str()) && !ANNOTATIONS.contains(&name.as_str()));
        match unknown {
            None => Ok(()),
            Some(name) => self.at(name).error(format!(
                "This keyword is not accepted here. Accepted: {}, and annotations such as \
                 description.",
                known.join(", ")
            )),
        }
    }

    fn accepted(&self) -> &'static str {
        if self.depth == 0 {
            "Accepted: a `type` of string, number, integer, boolean, array (of strings or of flat \
             objects) or object (a flat one), or an `enum` of texts."
        } else {
            "Accepted in an object: a `type` of string, number, integer or boolean, or an `enum` \
             of texts."
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Length;

    fn of(properties: &Value) -> Read<Shape> {
        Shape::own(&json!({"type": "object", "properties": properties}))
    }

    #[test]
    fn a_schema_is_read_and_written_again_closed_and_bounded() {
        let shape = of(&json!({
            "verdict": {"enum": ["good", "bad"], "description": "The\nverdict"},
            "score": {"type": "integer", "title": "Score"},
            "topics": {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 5},
            "people": {"type": "array", "items": {"type": "object", "properties": {
                "name": {"type": "string"}, "present": {"type": "boolean"}}}},
            "money": {"type": "object", "properties": {"sum": {"type": "number"}}},
        }))
        .unwrap();
        let schema = shape.schema(Length::Short);
        assert_eq!(schema["additionalProperties"], false);
        let names = json!(["verdict", "score", "topics", "people", "money"]);
        assert_eq!(schema["required"], names);
        let properties = &schema["properties"];
        assert_eq!(properties["verdict"]["enum"], json!(["good", "bad"]));
        assert_eq!(properties["verdict"]["description"], "The verdict");
        assert_eq!(properties["topics"]["items"]["maxLength"], 40);
        assert_eq!(properties["topics"]["maxItems"], 5);
        assert_eq!(properties["people"]["items"]["required"], json!(["name", "present"]));
        assert_eq!(properties["people"]["items"]["additionalProperties"], false);
        assert!(shape.type_at("/people/3/name").unwrap().is_text());
        assert_eq!(shape.type_at("/verdict").unwrap().choices().unwrap().len(), 2);
        assert_eq!(shape.type_at("/people/x/name"), None);
        assert_eq!(shape.type_at("/topics/0/x"), None);
        assert_eq!(Shape::own(&schema).map(|again| again.schema(Length::Short)), Ok(schema));
    }

    #[test]
    fn a_refusal_names_the_part() {
        let deep = json!({"a": {"type": "object", "properties": {
            "b": {"type": "array", "items": {"type": "string"}}}}});
        let lists = json!({"a/b": {"type": "array", "items": {"type": "array"}}});
        let many: Map<String, Value> =
            (0..25).map(|number| (format!("f{number}"), json!({"type": "string"}))).collect();
        for (properties, path, words) in [
            (json!({}), "/properties", "1 to 24"),
            (many.into(), "/properties", "25 properties"),
            (json!({"a": 1}), "/properties/a", "not a schema"),
            (json!({"a": {"type": "null"}}), "/properties/a", "unknown"),
            (json!({"a": {"$ref": "#/x"}}), "/properties/a", "unknown"),
            (json!({"a": {"type": ["string", "null"]}}), "/properties/a", "unknown"),
            (json!({"a": {"type": "string", "pattern": "x"}}), "/properties/a/pattern", "keyword"),
            (json!({"a": {"type": "string", "maxLength": 0}}), "/properties/a/maxLength", "1 to"),
            (json!({"a": {"enum": [1]}}), "/properties/a/enum", "texts"),
            (json!({"a": {"enum": []}}), "/properties/a/enum", "texts"),
            (json!({" ": {"type": "string"}}), "/properties/ ", "blank"),
            (deep, "/properties/a/properties/b", "too deep"),
            (lists, "/properties/a~1b/items", "flat object"),
        ] {
            let error = of(&properties).unwrap_err();
            assert_eq!(error.path, path, "{error}");
            assert!(error.reason.contains(words), "{error}");
        }
        for (schema, path) in [
            (json!(5), ""),
            (json!({"type": "array"}), "/type"),
            (json!({"anyOf": []}), "/anyOf"),
            (
                json!({"type": "object", "properties": {"a": {"type": "string"}},
                    "additionalProperties": true}),
                "/additionalProperties",
            ),
        ] {
            assert_eq!(Shape::own(&schema).unwrap_err().path, path);
        }
    }
}
