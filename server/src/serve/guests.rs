use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::config::ConnectionLimits;

/// Who is connected, by address.
#[derive(Clone)]
pub(super) struct Guests {
    limits: ConnectionLimits,
    present: Arc<Mutex<Present>>,
}

#[derive(Default)]
struct Present {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection's place; given up when it is dropped.
pub(super) struct Guest {
    address: IpAddr,
    guests: Guests,
}

impl Guests {
    pub(super) fn new(limits: ConnectionLimits) -> Self {
        Self { limits, present: Arc::default() }
    }

    /// A place for a connection from `address`, while there are any.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Guest> {
        let mut present = self.present();
        let from_here = present.by_address.get(&address).copied().unwrap_or_default();
        if present.all >= self.limits.most || from_here >= self.limits.most_per_address {
            return None;
        }
        present.all += 1;
        present.by_address.insert(address, from_here + 1);
        Some(Guest { address, guests: self.clone() })
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut present = self.guests.present();
        present.all -= 1;
        if let Some(from_here) = present.by_address.get_mut(&self.address) {
            *from_here -= 1;
            if *from_here == 0 {
                present.by_address.remove(&self.address);
            }
        }
    }
}
