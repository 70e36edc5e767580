use serde_json::{Map, Value, json};

use crate::escape;

/// What a document is to hold: its fields, in the order in which they are to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The name on the wire.
    pub name: &'static str,
    /// The fields, all of them text.
    pub fields: &'static [Field],
}

/// One text field of a [`Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The member's name.
    pub name: &'static str,
    /// What the model is told to write there.
    pub description: &'static str,
}

impl Field {
    /// JSON Pointer to the field (RFC 6901).
    #[must_use]
    pub fn path(&self) -> String {
        format!("/{}", escape(self.name))
    }
}

impl Shape {
    /// The default: a title, then a summary.
    pub const SUMMARY: Self = Self {
        name: "summary",
        fields: &[
            Field { name: "title", description: "A headline for the text, at most 80 characters" },
            Field { name: "summary", description: "The summary, in whole sentences" },
        ],
    };

    /// Every shape there is.
    pub const ALL: &'static [Self] = &[Self::SUMMARY];

    /// The shape of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|shape| shape.name == name)
    }

    /// The shape as a JSON Schema, closed and with every field required.
    #[must_use]
    pub fn schema(&self) -> Value {
        let properties: Map<String, Value> = self
            .fields
            .iter()
            .map(|field| {
                let schema = json!({"type": "string", "description": field.description});
                (field.name.to_owned(), schema)
            })
            .collect();
        let required: Vec<_> = self.fields.iter().map(|field| field.name).collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}
