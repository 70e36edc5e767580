use super::{lease::Lease, lock::Lock};

/// A claim to something that one tab of the browser has at a time: a place in the queue for it,
/// and the thing itself once it is granted. Dropping it gives up either; so does closing the tab.
pub(super) enum Claim {
    Lock { _lock: Lock },
    Lease { _lease: Lease },
}

impl Claim {
    /// Claims what has this name. `hold` is told when it is granted, and when it is lost again,
    /// which a lease may be. None where the browser has nothing of the kind.
    pub(super) fn on(name: &str, hold: impl Fn(bool) + Clone + 'static) -> Option<Self> {
        let granted = hold.clone();
        if let Some(lock) = Lock::request(name, move || granted(true)) {
            return Some(Self::Lock { _lock: lock });
        }
        Lease::apply(name, hold).map(|lease| Self::Lease { _lease: lease })
    }
}
