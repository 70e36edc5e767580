use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

/// Wakes those who wait for something to happen in an owner's conversations. It says that something
/// did and not what: that is in the store.
#[derive(Default)]
pub(crate) struct Notifier {
    owners: Mutex<HashMap<String, watch::Sender<()>>>,
}

impl Notifier {
    /// What changes whenever something happens from here on.
    pub(crate) fn subscribe(&self, owner: &str) -> watch::Receiver<()> {
        let mut owners = self.owners();
        owners.retain(|_, sender| !sender.is_closed());
        owners.entry(owner.to_owned()).or_default().subscribe()
    }

    /// Something has happened.
    pub(crate) fn notify(&self, owner: &str) {
        if let Some(sender) = self.owners().get(owner) {
            sender.send_replace(());
        }
    }

    fn owners(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<()>>> {
        // Nothing in here panics half-way.
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_that_nobody_waits_for_are_forgotten() {
        let notifier = Notifier::default();
        let mut first = notifier.subscribe("a");
        let second = notifier.subscribe("b");
        notifier.notify("a");
        notifier.notify("nobody");
        assert!(first.has_changed().unwrap() && !second.has_changed().unwrap());
        first.mark_unchanged();
        drop(first);
        notifier.subscribe("c");
        assert!(!notifier.owners().contains_key("a"));
    }
}
