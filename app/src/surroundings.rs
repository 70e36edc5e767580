use leptos::prelude::*;

use crate::{backend::About, words::Tongue};

/// How the page is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the reader's system is.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The theme that `name` names; any other name is `Auto`.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// What stands in `<html data-theme>` and in the cookie.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one after it, round and round.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// What the page knows before anything is loaded. The server writes it into attributes of
/// `<html>`, where the browser reads it: so both render the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Surroundings {
    pub(crate) tongue: Tongue,
    pub(crate) theme: Theme,
    pub(crate) about: About,
}

/// Who answers and what is accepted, as it stands in the context.
pub(crate) fn about() -> About {
    use_context().unwrap_or_else(|| About {
        provider: String::new(),
        model: String::new(),
        max_input_bytes: 4 * 1024 * 1024,
    })
}
