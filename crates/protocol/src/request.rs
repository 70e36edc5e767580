use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, IntoDeserializer as _},
};

use crate::{AskedShape, Language};

/// How long the summary is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// One or two sentences.
    Short,
    /// A paragraph.
    #[default]
    Medium,
    /// Several paragraphs.
    Long,
}

/// The body of `POST /api/generations`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGeneration {
    /// What is to be read.
    pub text: String,
    /// The language of the answer.
    #[serde(default, deserialize_with = "or_default")]
    pub language: Language,
    /// How long the summary is to be.
    #[serde(default, deserialize_with = "or_default")]
    pub length: Length,
    /// Another model than the server's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The shape to fill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<AskedShape>,
}

/// One of the words for a `T`; null is none, as it is for the other fields.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let word = Option::<String>::deserialize(deserializer)?;
    word.map_or_else(|| Ok(T::default()), |word| T::deserialize(word.into_deserializer()))
}

/// The answer to `POST /api/generations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The generation's id.
    pub id: String,
    /// Where its events are.
    pub events: String,
    /// Where it stands.
    pub status: crate::Status,
}
