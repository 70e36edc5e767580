use leptos::prelude::*;

/// Runs a test with an owner for the signals that it makes.
pub(crate) fn with_owner(test: impl FnOnce()) {
    let owner = Owner::new();
    owner.with(test);
    owner.cleanup();
}
