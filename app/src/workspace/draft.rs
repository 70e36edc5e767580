use protocol::{Language, Length};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::ShapeName;
use crate::browser;

const TEXT_KEY: &str = "unspool-draft";
const CHOICES_KEY: &str = "unspool-draft-choices";

/// A text that the reader has written, and how it is to be summarised.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    pub(crate) text: String,
    pub(crate) choices: Choices,
}

/// How a text is to be summarised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Choices {
    pub(crate) language: Language,
    pub(crate) length: Length,
    #[serde(default)]
    pub(crate) shape: ShapeName,
}

impl Draft {
    /// Stores it until the tab is closed.
    pub(crate) fn store(&self) {
        let Some(session) = browser::session() else { return };
        if self.text.is_empty() || session.set_item(TEXT_KEY, &self.text).is_err() {
            // Where the storage is full, an older draft would be worse for the reader than none.
            let _ = session.remove_item(TEXT_KEY);
        }
        if let Ok(choices) = serde_json::to_string(&self.choices) {
            let _ = session.set_item(CHOICES_KEY, &choices);
        }
    }

    /// The draft that was stored; an empty one when none was.
    pub(crate) fn stored() -> Self {
        let stored = |key| browser::session()?.get_item(key).ok()?;
        let choices = stored(CHOICES_KEY).and_then(|choices| serde_json::from_str(&choices).ok());
        Self { text: stored(TEXT_KEY).unwrap_or_default(), choices: choices.unwrap_or_default() }
    }
}

impl Choices {
    /// What the reader chose in the form that the server rendered, before the page was hydrated. The
    /// rest are the defaults.
    pub(crate) fn in_form() -> Self {
        Self {
            language: value_of("[name=language] option:checked").unwrap_or_default(),
            length: value_of("[name=length]:checked").unwrap_or_default(),
            shape: value_of("[name=shape] option:checked").unwrap_or_default(),
        }
    }

    /// Takes each choice that differs from the default, and for the rest those of `others`.
    pub(crate) fn over(self, others: Self) -> Self {
        let Self { language, length, shape } = Self::default();
        Self {
            language: if self.language == language { others.language } else { self.language },
            length: if self.length == length { others.length } else { self.length },
            shape: if self.shape == shape { others.shape } else { self.shape },
        }
    }
}

fn value_of<T: DeserializeOwned>(selector: &str) -> Option<T> {
    let value = browser::value_of(selector)?;
    serde_json::from_value(value.into()).ok()
}
