use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    commands,
    hooks::{in_time, insist},
};

/// The wishes that generations be stopped. Each is kept until the server has heard of it, however
/// long it is away.
#[derive(Clone, Copy)]
pub(crate) struct StopWishes(RwSignal<BTreeSet<String>>);

impl StopWishes {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }

    /// Whether generation `id` is to be stopped.
    pub(crate) fn has(self, id: &str) -> bool {
        self.0.with(|ids| ids.contains(id))
    }

    /// Has generation `id` stopped. Goes on when the page is left for another.
    pub(crate) fn make(self, id: String) {
        if self.is_made(&id) {
            return;
        }
        self.0.update(|ids| {
            ids.insert(id.clone());
        });
        spawn_local(async move {
            insist(|| in_time(commands::stop(id.clone())), || self.is_made(&id)).await;
            self.forget(&id);
        });
    }

    /// Says them all once more, now that the server answers again.
    pub(crate) fn repeat(self) {
        for id in self.0.get_untracked() {
            spawn_local(async move {
                if in_time(commands::stop(id.clone())).await.is_ok() {
                    self.forget(&id);
                }
            });
        }
    }

    /// Lets go of the wish: generation `id` has heard of it, or has ended by itself.
    pub(crate) fn forget(self, id: &str) {
        if self.0.try_with_untracked(|ids| ids.contains(id)) == Some(true) {
            self.0.update(|ids| {
                ids.remove(id);
            });
        }
    }

    /// Also when nobody is left who would know.
    fn is_made(self, id: &str) -> bool {
        self.0.try_with_untracked(|ids| ids.contains(id)).unwrap_or(true)
    }
}
