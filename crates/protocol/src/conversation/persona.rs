use serde::{Deserialize, Serialize};

/// Who answers in a conversation: an instruction, and what was learnt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is to answer, in the user's words.
    pub instruction: String,
    /// What its trainings have taught it, in a model's words.
    pub profile: String,
    /// Counts its versions from 1 on.
    pub version: u64,
    /// When this version was made, in milliseconds since the Unix epoch.
    pub updated_ms: u64,
    /// The training that runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_id: Option<String>,
}

/// What made a version of a persona.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The persona was made.
    #[default]
    Created,
    /// Someone edited it.
    Edited,
    /// A training was completed.
    Trained,
    /// An older version was restored.
    Restored,
}

/// One version of a persona.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonaVersion {
    /// Its number, from 1 on.
    pub version: u64,
    /// The name.
    pub name: String,
    /// The instruction.
    pub instruction: String,
    /// The profile.
    pub profile: String,
    /// What made it.
    pub origin: Origin,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}

/// The body of `POST /api/personas`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPersona {
    /// Its name.
    pub name: String,
    /// How it is to answer.
    #[serde(default)]
    pub instruction: String,
}

/// The body of `PUT /api/personas/{id}`. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePersona {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it is to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// What it knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// The answer to `GET /api/personas`: a page of them, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonaListing {
    /// The personas.
    pub personas: Vec<Persona>,
    /// What to pass as `before` for the next page; none at the end.
    pub next: Option<String>,
}

/// The answer to `GET /api/personas/{id}/versions`: a page of them, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonaVersions {
    /// The versions.
    pub versions: Vec<PersonaVersion>,
    /// What to pass as `before` for the next page; none at the end.
    pub next: Option<String>,
}
