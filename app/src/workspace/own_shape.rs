//! The shape of the reader's own: a JSON Schema, which the browser keeps.

use leptos::prelude::*;
use protocol::AskedShape;
use serde_json::Value;

use super::{ShapeName, Workspace};
use crate::browser;

const KEY: &str = "unspool-own-shape";

/// What the box holds until the reader has written something.
const EXAMPLE: &str = r#"{
  "type": "object",
  "properties": {
    "title": { "type": "string" },
    "mood": { "enum": ["good", "mixed", "bad"] },
    "names": { "type": "array", "items": { "type": "string" } }
  }
}"#;

/// The schema that the reader has written, or an example.
fn stored() -> String {
    let stored = || browser::local()?.get_item(KEY).ok()?;
    stored().unwrap_or_else(|| EXAMPLE.to_owned())
}

impl Workspace {
    /// Takes what the reader has written.
    pub(crate) fn write_schema(self, schema: String) {
        if let Some(local) = browser::local() {
            let _ = local.set_item(KEY, &schema);
        }
        self.schema.set(schema);
    }

    /// Shows the schema that a generation was started with, or else the reader's own.
    pub(crate) fn show_schema(self, schema: Option<&Value>) {
        self.schema.set(schema.map_or_else(stored, Value::to_string));
    }

    /// The shape that is chosen; none is the default. An error when the schema is no JSON.
    pub(super) fn asked_shape(self) -> Result<Option<AskedShape>, serde_json::Error> {
        let name = self.shape.get_untracked();
        if name == ShapeName::default() {
            return Ok(None);
        }
        if name != ShapeName::OWN {
            return Ok(Some(AskedShape::Named(name.as_str().to_owned())));
        }
        let schema = self.schema.with_untracked(|schema| serde_json::from_str(schema))?;
        Ok(Some(AskedShape::Own(schema)))
    }
}
