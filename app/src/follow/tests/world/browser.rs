//! What the browser does: locks, and the channel.

use std::collections::VecDeque;

use super::{Delivery, Tab, World};
use crate::follow::{Lock, Message};

/// How long a message and a lock are on their way, in milliseconds.
const CHANNEL_MS: u64 = 1;
const LOCK_MS: u64 = 1;

pub(super) struct LockQueue {
    free: usize,
    holders: Vec<u64>,
    waiting: VecDeque<(usize, u64)>,
}

impl LockQueue {
    /// A queue for a lock that so many tabs can hold at once.
    pub(super) fn new(free: usize) -> Self {
        Self { free, holders: Vec::new(), waiting: VecDeque::new() }
    }
}

impl World {
    fn queue(&mut self, tab: usize, lock: Lock) -> &mut LockQueue {
        let streams = self.queues.len() - 1;
        match lock {
            Lock::Generation => &mut self.queues[self.tabs[tab].generation],
            Lock::Stream => &mut self.queues[streams],
        }
    }

    pub(super) fn request(&mut self, tab: usize, lock: Lock) {
        let request = self.number();
        self.tabs[tab].locks[lock as usize] = Some(request);
        if self.has_locks {
            self.queue(tab, lock).waiting.push_back((tab, request));
            self.grant(tab, lock);
        } else {
            self.send(LOCK_MS, Delivery::Lock { tab, lock, request, granted: false });
        }
    }

    fn grant(&mut self, tab: usize, lock: Lock) {
        let queue = self.queue(tab, lock);
        if queue.free > 0
            && let Some((tab, request)) = queue.waiting.pop_front()
        {
            queue.free -= 1;
            queue.holders.push(request);
            self.send(LOCK_MS, Delivery::Lock { tab, lock, request, granted: true });
        }
    }

    pub(super) fn release(&mut self, tab: usize, lock: Lock) {
        let Some(request) = self.tabs[tab].locks[lock as usize].take() else { return };
        let queue = self.queue(tab, lock);
        queue.waiting.retain(|(_, waiting)| *waiting != request);
        let held = queue.holders.iter().position(|holder| *holder == request);
        if let Some(at) = held {
            queue.holders.remove(at);
            queue.free += 1;
            self.grant(tab, lock);
        }
    }

    pub(super) fn post(&mut self, from: usize, message: &Message) {
        self.tabs[from].posted.push(message.clone());
        if self.tabs[from].channel.is_none() {
            return;
        }
        for tab in 0..self.tabs.len() {
            let Tab { generation, channel, .. } = self.tabs[tab];
            if let Some(membership) = channel
                && tab != from
                && generation == self.tabs[from].generation
            {
                let message = message.clone();
                self.send(CHANNEL_MS, Delivery::Message { tab, membership, message });
            }
        }
    }
}
