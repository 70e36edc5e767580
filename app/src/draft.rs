//! What the reader writes, kept while the tab lives.

use protocol::{Language, Length};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::browser;

const TEXT_KEY: &str = "unspool-draft";
const CHOICES_KEY: &str = "unspool-draft-choices";

/// A text, and how it is to be summarised.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    pub(crate) text: String,
    pub(crate) choices: Choices,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Choices {
    pub(crate) language: Language,
    pub(crate) length: Length,
}

impl Draft {
    pub(crate) fn keep(&self) {
        let Some(session) = browser::session() else { return };
        if session.set_item(TEXT_KEY, &self.text).is_err() {
            // None is better than one from before.
            let _ = session.remove_item(TEXT_KEY);
        }
        if let Ok(choices) = serde_json::to_string(&self.choices) {
            let _ = session.set_item(CHOICES_KEY, &choices);
        }
    }

    /// What was kept; a tidy one when nothing was.
    pub(crate) fn kept() -> Self {
        let kept = |key| browser::session()?.get_item(key).ok()?;
        let choices = kept(CHOICES_KEY).and_then(|choices| serde_json::from_str(&choices).ok());
        Self { text: kept(TEXT_KEY).unwrap_or_default(), choices: choices.unwrap_or_default() }
    }
}

/// What was chosen before the page could hear it.
#[derive(Clone, Copy, Default)]
pub(crate) struct EarlyChoices {
    language: Option<Language>,
    length: Option<Length>,
}

impl EarlyChoices {
    /// As the form stands that the server has rendered; none where there is no such form.
    pub(crate) fn here() -> Self {
        Self {
            language: read("[name=language] option:checked:not(:first-child)"),
            length: read("[name=length]:checked:not([checked])"),
        }
    }

    /// These, and the rest as it is in `others`.
    pub(crate) fn over(self, others: Choices) -> Choices {
        Choices {
            language: self.language.unwrap_or(others.language),
            length: self.length.unwrap_or(others.length),
        }
    }
}

/// The value of the element at `selector`.
fn read<T: DeserializeOwned>(selector: &str) -> Option<T> {
    let value = browser::value_of(selector)?;
    serde_json::from_value(value.into()).ok()
}
