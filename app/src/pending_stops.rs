use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    commands,
    hooks::{in_time, retry_until_answered},
};

/// The generations that are to be stopped. Each is kept until the server has answered, however long
/// it is away.
#[derive(Clone, Copy)]
pub(crate) struct PendingStops(RwSignal<BTreeSet<String>>);

impl PendingStops {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }

    /// Whether generation `id` is to be stopped.
    pub(crate) fn contains(self, id: &str) -> bool {
        self.0.with(|ids| ids.contains(id))
    }

    /// Stops generation `id`. Goes on when the page is left for another.
    pub(crate) fn request(self, id: String) {
        if self.is_wanted(&id) {
            return;
        }
        self.0.update(|ids| {
            ids.insert(id.clone());
        });
        spawn_local(async move {
            let stop = || in_time(commands::stop(id.clone()));
            retry_until_answered(stop, || self.is_wanted(&id)).await;
            self.remove(&id);
        });
    }

    /// Asks for all of them once more, now that the server answers again.
    pub(crate) fn resend(self) {
        for id in self.0.get_untracked() {
            spawn_local(async move {
                if in_time(commands::stop(id.clone())).await.is_ok() {
                    self.remove(&id);
                }
            });
        }
    }

    /// Forgets generation `id`: it is being stopped, or has ended by itself.
    pub(crate) fn remove(self, id: &str) {
        if self.0.try_with_untracked(|ids| ids.contains(id)) == Some(true) {
            self.0.update(|ids| {
                ids.remove(id);
            });
        }
    }

    /// Whether `id` is among them. It counts as such, too, when the page is gone that would know.
    fn is_wanted(self, id: &str) -> bool {
        self.0.try_with_untracked(|ids| ids.contains(id)).unwrap_or(true)
    }
}
