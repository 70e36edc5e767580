use leptos::prelude::*;

use crate::{backend::About, messages::UiLanguage};

/// The colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those that the reader's system prefers.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The theme of this name, or `Auto` when there is none.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// The value in `<html data-theme>` and in the cookie.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme that the switch goes to next.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// What the page needs before anything is loaded. The server writes it into attributes of `<html>`
/// and the browser reads it there, so that both render the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageContext {
    pub(crate) ui_language: UiLanguage,
    pub(crate) theme: Theme,
    pub(crate) about: About,
}

/// Which model answers and how much it accepts, from the context.
pub(crate) fn about() -> About {
    use_context().unwrap_or_else(|| About { max_input_bytes: 4 * 1024 * 1024, ..About::default() })
}
