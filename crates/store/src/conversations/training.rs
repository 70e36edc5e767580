use protocol::conversation::Persona;

use crate::{LogWriter, Record};

/// What is to become of a persona. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonaChange {
    /// Its name.
    pub name: Option<String>,
    /// Its instruction.
    pub instruction: Option<String>,
    /// Its profile.
    pub profile: Option<String>,
}

/// A training to be stored.
#[derive(Clone)]
pub struct TrainingRecord {
    /// The persona.
    pub persona_id: String,
    /// What it is taught.
    pub message: String,
    /// The generation at birth.
    pub generation: Record,
}

/// What became of a [`TrainingRecord`].
pub enum TrainingOutcome {
    /// It is stored, and this may write its log on. The persona is as it was before.
    New(Box<Persona>, Box<dyn LogWriter>),
    /// There is no such persona.
    UnknownPersona,
    /// That training of the persona runs.
    Running(String),
}

/// A training as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingState {
    /// The persona.
    pub persona_id: String,
    /// What it was taught.
    pub message: String,
    /// The version that it made, once it is completed.
    pub version: Option<u64>,
}
