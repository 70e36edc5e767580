use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::config::ConnectionLimits;

/// How many connections are open, in all and from each address. Clones share one count.
#[derive(Clone)]
pub(super) struct ConnectionBudget {
    limits: ConnectionLimits,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// Permission for one connection to be open. Dropping it lets another one in.
pub(super) struct ConnectionPermit {
    address: IpAddr,
    budget: ConnectionBudget,
}

impl ConnectionBudget {
    pub(super) fn new(limits: ConnectionLimits) -> Self {
        Self { limits, open: Arc::default() }
    }

    /// A permit for a connection from `address`, or `None` when either limit is reached.
    pub(super) fn try_acquire(&self, address: IpAddr) -> Option<ConnectionPermit> {
        let mut open = self.open();
        let from_address = open.by_address.get(&address).copied().unwrap_or_default();
        if open.total >= self.limits.max_connections
            || from_address >= self.limits.max_connections_per_address
        {
            return None;
        }
        open.total += 1;
        open.by_address.insert(address, from_address + 1);
        Some(ConnectionPermit { address, budget: self.clone() })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = self.budget.open();
        open.total -= 1;
        if let Some(from_address) = open.by_address.get_mut(&self.address) {
            *from_address -= 1;
            if *from_address == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}
