use protocol::{Label, Shape};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::messages::{Messages, UiLanguage};

/// The name of a shape that can be chosen on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShapeName(&'static str);

impl Default for ShapeName {
    fn default() -> Self {
        Self(Shape::SUMMARY.name)
    }
}

impl ShapeName {
    /// That of a shape of the reader's own.
    pub(crate) const OWN: Self = Self(Shape::OWN);

    /// All that can be chosen.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Shape::ALL.iter().map(|shape| Self(shape.name)).chain([Self::OWN])
    }

    /// The shape's name, or the default when it cannot be chosen.
    pub(crate) fn of(name: &str) -> Self {
        Self::all().find(|known| known.0 == name).unwrap_or_default()
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.0
    }

    /// What the page calls it.
    pub(crate) fn label(self, language: UiLanguage, messages: &Messages) -> &'static str {
        let label = Shape::named(self.0).and_then(|shape| shape.label);
        match (label, language) {
            (Some(Label { english, .. }), UiLanguage::English) => english,
            (Some(Label { chinese, .. }), UiLanguage::Chinese) => chinese,
            (None, _) => messages.own_shape,
        }
    }
}

impl Serialize for ShapeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for ShapeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&String::deserialize(deserializer)?))
    }
}
