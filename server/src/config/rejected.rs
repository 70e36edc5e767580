use std::{borrow::Cow, error::Error as _};

use clap::error::{ContextKind, ContextValue};

/// A setting that is not what is accepted.
#[derive(Debug, thiserror::Error)]
#[error("UNSPOOL_{name} is {:?}: {}", llm::redact(&rejected.value), rejected.accepted)]
pub(crate) struct BadSetting {
    name: String,
    rejected: Rejected,
}

/// What a setting's parser says of a value that it does not accept.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{accepted}")]
pub(crate) struct Rejected {
    value: String,
    accepted: Cow<'static, str>,
}

impl Rejected {
    /// `value` is what is shown: the entry where the setting is a list, and something else where it
    /// is secret.
    pub(crate) fn new(value: &str, accepted: impl Into<Cow<'static, str>>) -> Self {
        Self { value: value.to_owned(), accepted: accepted.into() }
    }
}

impl BadSetting {
    pub(crate) fn new(name: &str, rejected: Rejected) -> Self {
        Self { name: name.to_owned(), rejected }
    }

    /// The setting that clap's error is about, if one of our parsers has rejected its value.
    pub(super) fn of(error: &clap::Error) -> Option<Self> {
        let rejected = error.source()?.downcast_ref::<Rejected>()?.clone();
        let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
            return None;
        };
        // As `--max-running <COUNT>`.
        let flag = argument.trim_start_matches('-').split(' ').next().unwrap_or_default();
        Some(Self { name: flag.to_uppercase().replace('-', "_"), rejected })
    }
}
