use std::collections::{BTreeSet, VecDeque};

use tokio::sync::watch;

/// The generations that run and those that wait, in the order of arrival.
pub(crate) struct Queue {
    tickets: watch::Sender<Tickets>,
    most_running: usize,
    most_waiting: usize,
}

#[derive(Default)]
struct Tickets {
    issued: u64,
    running: BTreeSet<u64>,
    waiting: VecDeque<u64>,
}

/// One generation's slot. Dropping it lets the next one move up.
pub(crate) struct QueueSlot {
    tickets: watch::Sender<Tickets>,
    changes: watch::Receiver<Tickets>,
    most_running: usize,
    ticket: u64,
}

impl Queue {
    pub(crate) fn new(most_running: usize, most_waiting: usize) -> Self {
        Self { tickets: watch::Sender::default(), most_running, most_waiting }
    }

    /// A slot at the end; none when as many wait as may.
    pub(crate) fn enter(&self) -> Option<QueueSlot> {
        let mut entered = None;
        self.tickets.send_if_modified(|tickets| {
            if tickets.running.len() == self.most_running
                && tickets.waiting.len() >= self.most_waiting
            {
                return false;
            }
            tickets.issued += 1;
            tickets.waiting.push_back(tickets.issued);
            tickets.move_up(self.most_running);
            entered = Some(tickets.issued);
            true
        });
        entered.map(|ticket| QueueSlot {
            tickets: self.tickets.clone(),
            changes: self.tickets.subscribe(),
            most_running: self.most_running,
            ticket,
        })
    }
}

impl Tickets {
    fn move_up(&mut self, most_running: usize) {
        while self.running.len() < most_running
            && let Some(next) = self.waiting.pop_front()
        {
            self.running.insert(next);
        }
    }
}

impl QueueSlot {
    /// How many must end or begin before this one may run; 0 when it may.
    pub(crate) fn ahead(&mut self) -> u64 {
        let tickets = self.changes.borrow_and_update();
        let index = tickets.waiting.iter().position(|ticket| *ticket == self.ticket);
        index.map_or(0, |index| index as u64 + 1)
    }

    /// Waits until a generation begins or leaves.
    pub(crate) async fn changed(&mut self) {
        // The sender lives as long as this slot, which holds one.
        let _ = self.changes.changed().await;
    }
}

impl Drop for QueueSlot {
    fn drop(&mut self) {
        self.tickets.send_modify(|tickets| {
            tickets.running.remove(&self.ticket);
            tickets.waiting.retain(|ticket| *ticket != self.ticket);
            tickets.move_up(self.most_running);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_move_up_in_the_order_of_arrival() {
        let queue = Queue::new(1, 2);
        let [mut first, mut second, mut third] = std::array::from_fn(|_| queue.enter().unwrap());
        assert!(queue.enter().is_none(), "as many wait as may");
        assert_eq!([first.ahead(), second.ahead(), third.ahead()], [0, 1, 2]);
        drop(first);
        assert_eq!([second.ahead(), third.ahead()], [0, 1]);
        drop(third);
        drop(second);
        assert_eq!(queue.enter().unwrap().ahead(), 0);
    }
}
