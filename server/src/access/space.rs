use std::{ops::Deref, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::SecretHash;
use crate::problem::Refusal;

/// Whose a request is: it sees and changes what belongs to this space, and nothing else.
///
/// Handlers ask for it as for any part of a request. A request that was given no space is refused,
/// so that a route cannot be reached past the check.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Space(Arc<str>);

impl Space {
    /// The one space of a server that asks nobody who they are.
    pub(super) fn local() -> Self {
        Self("local".into())
    }

    /// That of a token or of a user whom a proxy names.
    pub(super) fn named(name: &str) -> Self {
        Self(name.into())
    }

    /// That of the browser whose cookie says this. No name of a token or a user has a colon.
    pub(super) fn of_browser(secret: &str) -> Self {
        Self(format!("browser:{}", SecretHash::of(secret).hex()).into())
    }
}

impl Deref for Space {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Space {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get().cloned().ok_or_else(Refusal::unauthorized)
    }
}
