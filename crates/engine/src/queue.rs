use std::collections::{BTreeSet, VecDeque};

use tokio::sync::watch;

/// Who runs and who waits, in the order of arrival.
pub(crate) struct Queue {
    line: watch::Sender<Line>,
    most_running: usize,
    most_waiting: usize,
}

#[derive(Default)]
struct Line {
    tickets: u64,
    running: BTreeSet<u64>,
    waiting: VecDeque<u64>,
}

/// One generation's place. It is given up when it is dropped, and the next one moves up.
pub(crate) struct Place {
    line: watch::Sender<Line>,
    moves: watch::Receiver<Line>,
    most_running: usize,
    ticket: u64,
}

impl Queue {
    pub(crate) fn new(most_running: usize, most_waiting: usize) -> Self {
        Self { line: watch::Sender::default(), most_running, most_waiting }
    }

    /// A place at the end; none when as many wait as may.
    pub(crate) fn enter(&self) -> Option<Place> {
        let mut entered = None;
        self.line.send_if_modified(|line| {
            if line.running.len() == self.most_running && line.waiting.len() >= self.most_waiting {
                return false;
            }
            line.tickets += 1;
            line.waiting.push_back(line.tickets);
            line.move_up(self.most_running);
            entered = Some(line.tickets);
            true
        });
        entered.map(|ticket| Place {
            line: self.line.clone(),
            moves: self.line.subscribe(),
            most_running: self.most_running,
            ticket,
        })
    }
}

impl Line {
    fn move_up(&mut self, most_running: usize) {
        while self.running.len() < most_running
            && let Some(next) = self.waiting.pop_front()
        {
            self.running.insert(next);
        }
    }
}

impl Place {
    /// How many must end or begin before this one may run; 0 when it may.
    pub(crate) fn ahead(&mut self) -> u64 {
        let line = self.moves.borrow_and_update();
        let index = line.waiting.iter().position(|ticket| *ticket == self.ticket);
        index.map_or(0, |index| index as u64 + 1)
    }

    /// Waits until something moves.
    pub(crate) async fn moved(&mut self) {
        // The sender lives as long as this place, which holds one.
        let _ = self.moves.changed().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.line.send_modify(|line| {
            line.running.remove(&self.ticket);
            line.waiting.retain(|ticket| *ticket != self.ticket);
            line.move_up(self.most_running);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_up_in_the_order_of_arrival() {
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
