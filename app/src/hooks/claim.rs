use std::{cell::OnceCell, rc::Rc};

use super::{lease::Lease, lock::Lock};

/// A claim to something that one tab of the browser has at a time: a place in the queue for it,
/// and the thing itself once it is granted. Dropping it gives up either; so does closing the tab.
pub(super) struct Claim {
    _lock: Option<Lock>,
    _lease: Rc<OnceCell<Lease>>,
}

impl Claim {
    /// Claims what has this name. `hold` is told when it is granted, and when it is lost again,
    /// which a lease may be. None where the browser has nothing of the kind.
    ///
    /// A browser that keeps nothing for the page has locks, and refuses them when they are asked
    /// for. With no lease to be had either, tabs know nothing of each other: each holds its own.
    pub(super) fn on(name: &str, hold: impl Fn(bool) + Clone + 'static) -> Option<Self> {
        let lease = Rc::new(OnceCell::new());
        let granted = hold.clone();
        let refused = {
            let (name, hold, place) = (name.to_owned(), hold.clone(), Rc::downgrade(&lease));
            move || {
                let Some(place) = place.upgrade() else { return };
                match Lease::apply(&name, hold.clone()) {
                    Some(lease) => drop(place.set(lease)),
                    None => hold(true),
                }
            }
        };
        let lock = Lock::request(name, move || granted(true), refused);
        if lock.is_none() {
            let _ = lease.set(Lease::apply(name, hold)?);
        }
        Some(Self { _lock: lock, _lease: lease })
    }
}
