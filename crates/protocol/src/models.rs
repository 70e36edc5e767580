//! Which models can be asked, and how they are.

use serde::{Deserialize, Serialize};

/// The models of all providers that are connected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Models {
    /// Who answers when a request names no model.
    pub default: ModelName,
    /// The providers, that of the default model first.
    pub providers: Vec<ProviderModels>,
}

/// A model and its provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelName {
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
}

/// The models of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderModels {
    /// Its name in requests, before the slash.
    pub name: String,
    /// What it is, as `openai` or `ollama`.
    pub kind: String,
    /// Its host, with the port where that is said; none where texts stay on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Whether it has answered.
    pub reachable: bool,
    /// Its models, its own one first.
    pub models: Vec<Model>,
}

/// A model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name in requests, behind the slash.
    pub id: String,
    /// How many tokens it reads and writes together, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
}

/// How a provider is: what has set it, and what was checked so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// The provider's name.
    pub provider: String,
    /// What it is, as `openai` or `ollama`.
    pub kind: String,
    /// The model that was asked.
    pub model: String,
    /// Its address; none where texts stay on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Its host, with the port where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Its key, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyHint>,
    /// What sets the address, as `UNSPOOL_BASE_URL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    /// What was checked, in order.
    pub checks: Vec<Check>,
    /// Whether nothing more is checked.
    pub done: bool,
}

/// As much of a key as may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyHint {
    /// Its last characters; none of a short key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What sets it, as `UNSPOOL_API_KEY`.
    pub set_by: String,
}

/// Something that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What: `reachable`, `key`, `models`, `streams`, `schema`, `usage`, `reasoning`, `cancel` or
    /// `context`.
    pub name: String,
    /// What came of it.
    pub state: CheckState,
    /// What came of it, in words.
    pub sentence: String,
    /// More of that.
    pub detail: String,
    /// What to do, where something is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// A line to paste, where one helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It is as it should be.
    Passed,
    /// It works, though something is worth knowing.
    Noted,
    /// It does not work.
    Failed,
    /// Something else comes first.
    NotTried,
}

/// A way to connect a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectLine {
    /// The provider's name.
    pub name: String,
    /// The line that starts the server with it.
    pub line: String,
}
