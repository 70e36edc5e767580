use std::borrow::Cow;

use serde_json::{Value, json};

use super::object_schema;
use crate::{Length, escape};

/// One field of a [`Shape`](crate::Shape), or a member of an object in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The member's name.
    pub name: Cow<'static, str>,
    /// What the page calls it, where the name alone does not say it well.
    pub label: Option<Label>,
    /// What the model is told to write there; empty where the name has to do.
    pub description: Cow<'static, str>,
    /// What it holds.
    pub content: FieldType,
}

/// What a field is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A text of at most so many characters.
    Text(Bounds),
    /// A number, with a fraction or without.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// One of these words, which is final only when it is whole.
    Choice(Vec<String>),
    /// Texts.
    TextList {
        /// How many at most.
        items: Bounds,
        /// How many characters each has at most.
        chars: Bounds,
    },
    /// An object with these members, none of which is a list or an object.
    Object(Cow<'static, [Field]>),
    /// Such objects.
    ObjectList {
        /// How many at most.
        items: Bounds,
        /// What each holds.
        members: Cow<'static, [Field]>,
    },
}

/// The name of a field for people, in each language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// In English, as it stands at the beginning of a sentence.
    pub english: &'static str,
    /// In Simplified Chinese.
    pub chinese: &'static str,
}

/// The most that may be written, for each [`Length`]: a small model may never stop by itself. None
/// where the provider's own limit is to end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// For short answers.
    pub short: Option<u32>,
    /// For answers of medium length.
    pub medium: Option<u32>,
    /// For long answers.
    pub long: Option<u32>,
}

impl Bounds {
    /// No bound of ours.
    pub const NONE: Self = Self { short: None, medium: None, long: None };

    /// One bound for every length.
    #[must_use]
    pub const fn of_all(most: u32) -> Self {
        Self::of_each(most, most, most)
    }

    /// A bound for each length.
    #[must_use]
    pub const fn of_each(short: u32, medium: u32, long: u32) -> Self {
        Self { short: Some(short), medium: Some(medium), long: Some(long) }
    }

    /// The bound for that length.
    #[must_use]
    pub fn of(self, length: Length) -> Option<u32> {
        match length {
            Length::Short => self.short,
            Length::Medium => self.medium,
            Length::Long => self.long,
        }
    }
}

impl Field {
    /// A field that has its label and is told of in these words.
    pub(super) const fn labelled(
        name: &'static str,
        (english, chinese): (&'static str, &'static str),
        description: &'static str,
        content: FieldType,
    ) -> Self {
        Self {
            name: Cow::Borrowed(name),
            label: Some(Label { english, chinese }),
            description: Cow::Borrowed(description),
            content,
        }
    }

    /// A text without label and bound.
    pub(super) const fn plain(name: &'static str) -> Self {
        let (name, description) = (Cow::Borrowed(name), Cow::Borrowed(""));
        Self { name, label: None, description, content: FieldType::Text(Bounds::NONE) }
    }

    /// JSON Pointer to the field of a document (RFC 6901).
    #[must_use]
    pub fn path(&self) -> String {
        format!("/{}", escape(&self.name))
    }

    /// The field as one line of instructions.
    pub(super) fn in_words(&self) -> String {
        let Self { name, description, content, .. } = self;
        let content = content.in_words();
        let parts = [description.trim_end_matches('.'), &content].map(str::to_owned);
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("\n- \"{name}\": {}.", parts.join("; "))
    }

    /// The field as a JSON Schema.
    pub(super) fn schema(&self, length: Length) -> Value {
        let mut schema = self.content.schema(length);
        if !self.description.is_empty() {
            schema["description"] = (*self.description).into();
        }
        schema
    }
}

impl FieldType {
    /// The members of an object, or of each object in a list.
    pub(super) fn members(&self) -> Option<&[Field]> {
        match self {
            Self::Object(members) | Self::ObjectList { members, .. } => Some(members),
            _ => None,
        }
    }

    /// What of it a description does not say; empty for text.
    fn in_words(&self) -> String {
        match self {
            Self::Text(_) => String::new(),
            Self::Number => "a number".to_owned(),
            Self::Integer => "a whole number".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Choice(words) => format!("one of \"{}\"", words.join("\", \"")),
            Self::TextList { .. } => "a list of texts, empty when there are none".to_owned(),
            Self::Object(members) => format!("an object with {}", members_in_words(members)),
            Self::ObjectList { members, .. } => format!(
                "a list of objects, empty when there are none, each with {}",
                members_in_words(members)
            ),
        }
    }

    fn schema(&self, length: Length) -> Value {
        match self {
            Self::Text(most) => bounded(json!({"type": "string"}), "maxLength", *most, length),
            Self::Number => json!({"type": "number"}),
            Self::Integer => json!({"type": "integer"}),
            Self::Boolean => json!({"type": "boolean"}),
            Self::Choice(words) => json!({"type": "string", "enum": words}),
            Self::TextList { items, chars } => {
                let item = bounded(json!({"type": "string"}), "maxLength", *chars, length);
                let list = json!({"type": "array", "items": item});
                bounded(list, "maxItems", *items, length)
            }
            Self::Object(members) => object_schema(members, length),
            Self::ObjectList { items, members } => {
                let list = json!({"type": "array", "items": object_schema(members, length)});
                bounded(list, "maxItems", *items, length)
            }
        }
    }
}

fn members_in_words(members: &[Field]) -> String {
    let members = members.iter().map(|Field { name, description, content, .. }| {
        let content = content.in_words();
        match (description.is_empty(), content.is_empty()) {
            (true, true) => format!("\"{name}\""),
            (false, true) => format!("\"{name}\" ({description})"),
            (true, false) => format!("\"{name}\" ({content})"),
            (false, false) => format!("\"{name}\" ({description}; {content})"),
        }
    });
    members.collect::<Vec<_>>().join(", ")
}

fn bounded(mut schema: Value, keyword: &str, most: Bounds, length: Length) -> Value {
    if let Some(most) = most.of(length) {
        schema[keyword] = most.into();
    }
    schema
}
