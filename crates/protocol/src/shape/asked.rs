use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SchemaError, Shape};

/// The shape that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AskedShape {
    /// One of [`Shape::ALL`], by its name.
    Named(String),
    /// One's own, as a JSON Schema.
    Own(Value),
}

/// Why there is no such shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// None has that name.
    Unknown,
    /// A part of the schema cannot be filled as it comes.
    Schema(SchemaError),
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => {
                let names: Vec<_> = Shape::ALL.iter().map(|shape| shape.name).collect();
                let names = names.join(", ");
                write!(f, "There is no such shape; accepted: {names}, or a JSON Schema object.")
            }
            Self::Schema(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ShapeError {}

impl AskedShape {
    /// The shape that is asked for.
    ///
    /// # Errors
    /// [`ShapeError`] says why there is none.
    pub fn shape(&self) -> Result<Shape, ShapeError> {
        match self {
            Self::Named(name) => Shape::named(name).cloned().ok_or(ShapeError::Unknown),
            Self::Own(schema) => Shape::own(schema).map_err(ShapeError::Schema),
        }
    }

    /// The name that the shape has in events and snapshots.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Own(_) => Shape::OWN,
        }
    }
}
