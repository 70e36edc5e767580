use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};

use super::guards::{Listener, Planned, Ticker};
use crate::browser;

/// How long a lease lasts that is not renewed. A tab that the browser has put to sleep loses it.
const TERM_MS: f64 = 10_000.0;
/// How often a lease is renewed, or looked at by who waits for it.
const LOOK_MS: u64 = 2_000;
/// How long what another tab writes may be on its way.
const SETTLE_MS: f64 = 150.0;

/// An entry in the local storage that says which tab has something, and until when; or the wait
/// for it. Dropping it gives up either.
///
/// The storage has no way to compare and set. Whoever takes the lease reads it again a moment
/// later, and the last who wrote has it: for that moment there may be two.
pub(super) struct Lease {
    tenant: Rc<Tenant>,
    _listener: Listener,
    _ticker: Option<Ticker>,
}

struct Tenant {
    storage: Storage,
    key: String,
    /// What tells this tenant from all others.
    name: String,
    holds: Cell<bool>,
    hold: Box<dyn Fn(bool)>,
    settling: RefCell<Option<Planned>>,
}

/// Who has the lease.
#[derive(PartialEq)]
enum Holder {
    Nobody,
    Myself,
    Another,
}

impl Lease {
    /// Takes the lease, or waits for it. None where there is no storage.
    pub(super) fn apply(key: &str, hold: impl Fn(bool) + 'static) -> Option<Self> {
        let tenant = Rc::new(Tenant {
            storage: browser::local()?,
            key: key.to_owned(),
            name: js_sys::Math::random().to_string(),
            holds: Cell::new(false),
            hold: Box::new(hold),
            settling: RefCell::new(None),
        });
        let weak = Rc::downgrade(&tenant);
        spawn_local(async move { with(&weak, Tenant::enter) });
        let weak = Rc::downgrade(&tenant);
        let listener = Listener::on("storage", move |event| {
            let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
            with(&weak, |tenant| {
                if key.as_ref().is_none_or(|key| *key == tenant.key) {
                    tenant.look();
                }
            });
        });
        let weak = Rc::downgrade(&tenant);
        let ticker = Ticker::every(LOOK_MS, move || with(&weak, Tenant::look));
        Some(Self { tenant, _listener: listener, _ticker: ticker })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.tenant.holder() == Holder::Myself {
            let _ = self.tenant.storage.remove_item(&self.tenant.key);
        }
    }
}

fn with(tenant: &Weak<Tenant>, act: impl FnOnce(&Rc<Tenant>)) {
    if let Some(tenant) = tenant.upgrade() {
        act(&tenant);
    }
}

impl Tenant {
    /// Takes a free lease at once: usually nobody else wants it.
    fn enter(self: &Rc<Self>) {
        if self.holder() == Holder::Nobody {
            if self.sign() {
                self.settle();
            }
            self.set_holds(true);
        }
    }

    /// Renews the lease, takes note that it is lost, or takes it once it is free.
    fn look(self: &Rc<Self>) {
        match self.holder() {
            Holder::Another => self.set_holds(false),
            Holder::Myself => {
                self.sign();
                self.set_holds(true);
            }
            // Others wait as well, and have heard of it at the same time. But where nothing can be
            // written, nobody can have it alone.
            Holder::Nobody => {
                if self.sign() {
                    self.settle();
                } else {
                    self.set_holds(true);
                }
            }
        }
    }

    fn settle(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let look = Planned::after(SETTLE_MS, move || with(&weak, Self::look));
        *self.settling.borrow_mut() = look;
    }

    fn set_holds(&self, holds: bool) {
        if self.holds.replace(holds) != holds {
            (self.hold)(holds);
        }
    }

    /// Writes the lease anew. Says whether that was possible: a storage may be full.
    fn sign(&self) -> bool {
        let until = browser::now_ms() + TERM_MS;
        self.storage.set_item(&self.key, &format!("{} {until}", self.name)).is_ok()
    }

    fn holder(&self) -> Holder {
        let entry = self.storage.get_item(&self.key).ok().flatten().unwrap_or_default();
        let Some((name, until)) = entry.split_once(' ') else { return Holder::Nobody };
        let left_ms = until.parse().unwrap_or(0.0) - browser::now_ms();
        if name == self.name {
            Holder::Myself
        } else if (0.0..=TERM_MS).contains(&left_ms) {
            Holder::Another
        } else {
            Holder::Nobody
        }
    }
}
