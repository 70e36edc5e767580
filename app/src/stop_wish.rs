use leptos::{prelude::*, task::spawn_local};

use crate::{
    commands,
    hooks::{in_time, insist},
};

/// The wish that a generation be stopped. It is kept until the server has heard of it, however
/// long it is away.
#[derive(Clone, Copy)]
pub(crate) struct StopWish(RwSignal<Option<String>>);

impl StopWish {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether it is generation `id` that is to be stopped.
    pub(crate) fn is_for(self, id: &str) -> bool {
        self.0.with(|wished| wished.as_deref() == Some(id))
    }

    /// Has generation `id` stopped. Goes on when the page is left for another.
    pub(crate) fn make(self, id: String) {
        if self.is_made(&id) {
            return;
        }
        self.0.set(Some(id.clone()));
        spawn_local(async move {
            insist(|| in_time(commands::stop(id.clone())), || self.is_made(&id)).await;
            self.forget(&id);
        });
    }

    /// Says it once more, now that the server answers again.
    pub(crate) fn repeat(self) {
        let Some(id) = self.0.get_untracked() else { return };
        spawn_local(async move {
            if in_time(commands::stop(id.clone())).await.is_ok() {
                self.forget(&id);
            }
        });
    }

    /// Lets go of the wish: generation `id` has heard of it, or has ended by itself.
    pub(crate) fn forget(self, id: &str) {
        if self.0.try_get_untracked().is_some() && self.is_made(id) {
            self.0.set(None);
        }
    }

    fn is_made(self, id: &str) -> bool {
        self.0.try_with_untracked(|wished| wished.as_deref() == Some(id)).unwrap_or(true)
    }
}
