mod browser;
mod network;

use std::collections::BTreeMap;

use protocol::Snapshot;

use browser::LockQueue;
pub(super) use network::Network;
use network::STREAM_MS;

use super::{
    log::Log,
    tab::{Stream, Tab, TabState, View},
};
use crate::{
    follow::{Change, Effect, FetchError, Input, Lock, Machine, Message},
    now::Now,
};

/// How many streams a browser keeps open.
pub(super) const STREAMS: usize = 4;

/// A simulated browser with its tabs, and a server.
pub(super) struct World {
    clock_ms: u64,
    wall_ms: u64,
    pub(super) logs: Vec<Log>,
    pub(super) tabs: Vec<Tab>,
    /// What is on its way, by its time of arrival and the order in which it was sent.
    due: BTreeMap<(u64, u64), Delivery>,
    numbers: u64,
    /// Who holds and who waits for each lock: that of each generation, and then the streams'.
    queues: Vec<LockQueue>,
    pub(super) has_locks: bool,
    pub(super) network: Network,
    /// Whether the server responds to requests for streams and for snapshots.
    pub(super) gives_streams: bool,
    pub(super) gives_snapshots: bool,
    merge_state: u64,
}

enum Delivery {
    /// A stream has opened, or has events.
    Stream {
        tab: usize,
        number: u64,
        opens: bool,
    },
    StreamFailed {
        tab: usize,
        number: u64,
        refused: bool,
    },
    Snapshot {
        tab: usize,
        request: u64,
        answer: Result<Box<Snapshot>, FetchError>,
    },
    Lock {
        tab: usize,
        lock: Lock,
        request: u64,
        granted: bool,
    },
    Message {
        tab: usize,
        membership: u64,
        message: Message,
    },
}

impl World {
    /// A world with so many generations, which have no events yet, and without tabs.
    pub(super) fn new(generations: usize) -> Self {
        Self {
            clock_ms: 1_000,
            wall_ms: 1_700_000_000_000,
            logs: (0..generations).map(|number| Log::new(number.to_string())).collect(),
            tabs: Vec::new(),
            due: BTreeMap::new(),
            numbers: 0,
            queues: (0..generations)
                .map(|_| LockQueue::new(1))
                .chain([LockQueue::new(STREAMS)])
                .collect(),
            has_locks: true,
            network: Network::Works,
            gives_streams: true,
            gives_snapshots: true,
            merge_state: 1,
        }
    }

    pub(super) fn now(&self) -> Now {
        Now { clock_ms: self.clock_ms, wall_ms: self.wall_ms }
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Moves the wall clock, as someone does who sets it, or as it moves while the computer sleeps.
    pub(super) fn move_wall_clock(&mut self, by_ms: i64) {
        self.wall_ms = self.wall_ms.checked_add_signed(by_ms).unwrap();
    }

    /// Opens a tab on a generation, as the server shows it now.
    pub(super) fn open(&mut self, generation: usize, is_hidden: bool) -> usize {
        let snapshot = self.logs[generation].snapshot.clone();
        let number = self.number();
        self.tabs.push(Tab {
            generation,
            view: View::of(&snapshot),
            machine: Machine::new(snapshot, number, is_hidden),
            state: TabState::Runs,
            stream: None,
            channel: None,
            locks: [None; 2],
            request: 0,
            backlog: Vec::new(),
            losses: 0,
            opened: Vec::new(),
            asked_ms: Vec::new(),
            posted: Vec::new(),
        });
        self.feed(self.tabs.len() - 1, Input::Join);
        self.tabs.len() - 1
    }

    /// Opens a tab on the first generation.
    pub(super) fn tab(&mut self) -> usize {
        self.open(0, false)
    }

    pub(super) fn close(&mut self, tab: usize) {
        self.feed(tab, Input::Leave);
        self.crash(tab);
    }

    /// Ends a tab without `Leave`. The browser takes back what the tab held.
    pub(super) fn crash(&mut self, tab: usize) {
        self.tabs[tab].state = TabState::Closed;
        self.tabs[tab].stream = None;
        self.tabs[tab].channel = None;
        self.release(tab, Lock::Stream);
        self.release(tab, Lock::Generation);
    }

    pub(super) fn put_aside(&mut self, tab: usize) {
        self.feed(tab, Input::Leave);
        self.tabs[tab].state = TabState::Aside;
    }

    pub(super) fn freeze(&mut self, tab: usize) {
        self.tabs[tab].state = TabState::Frozen;
    }

    /// Lets a tab run again that was frozen or in the back-forward cache.
    pub(super) fn wake(&mut self, tab: usize) {
        let was = std::mem::replace(&mut self.tabs[tab].state, TabState::Runs);
        if was == TabState::Aside {
            self.feed(tab, Input::Join);
        }
        for input in std::mem::take(&mut self.tabs[tab].backlog) {
            self.feed(tab, input);
        }
    }

    /// Writes to a generation, and lets the server send it.
    pub(super) fn write(&mut self, generation: usize, text: &str) {
        self.change(generation, |log| log.write(text));
    }

    /// Writes to the first generation, and lets time pass.
    pub(super) fn write_and_run(&mut self, text: &str, ms: u64) {
        self.write(0, text);
        self.run(ms);
    }

    pub(super) fn change(&mut self, generation: usize, change: impl FnOnce(&mut Log)) {
        change(&mut self.logs[generation]);
        for tab in 0..self.tabs.len() {
            if let Some(stream) = self.tabs[tab].stream.as_ref()
                && self.tabs[tab].generation == generation
            {
                let number = stream.number;
                self.send(STREAM_MS, Delivery::Stream { tab, number, opens: false });
            }
        }
    }

    fn send(&mut self, after_ms: u64, delivery: Delivery) {
        let key = (self.clock_ms + after_ms, self.number());
        self.due.insert(key, delivery);
    }

    /// Lets time pass.
    pub(super) fn run(&mut self, ms: u64) {
        let until_ms = self.clock_ms + ms;
        let mut turns = 0;
        loop {
            let delivery = self.due.first_key_value().map(|((at_ms, _), _)| *at_ms);
            let runs = |tab: &&Tab| tab.state == TabState::Runs;
            let deadline =
                self.tabs.iter().filter(runs).filter_map(|tab| tab.machine.deadline_ms());
            let Some(next_ms) = deadline.chain(delivery).min().filter(|at| *at <= until_ms) else {
                break;
            };
            turns = if next_ms > self.clock_ms { 0 } else { turns + 1 };
            assert!(turns < 10_000, "the machine is called again and again");
            self.pass_to(next_ms);
            if delivery.is_some_and(|at_ms| at_ms <= next_ms) {
                let (_, delivery) = self.due.pop_first().unwrap();
                self.deliver(delivery);
            }
            for tab in 0..self.tabs.len() {
                let is_due = |tab: &Tab| tab.machine.deadline_ms().is_some_and(|at| at <= next_ms);
                if self.tabs[tab].state == TabState::Runs && is_due(&self.tabs[tab]) {
                    self.feed(tab, Input::TimePassed);
                }
            }
        }
        self.pass_to(until_ms);
    }

    fn pass_to(&mut self, clock_ms: u64) {
        self.wall_ms += clock_ms.saturating_sub(self.clock_ms);
        self.clock_ms = self.clock_ms.max(clock_ms);
    }

    pub(super) fn feed(&mut self, tab: usize, input: Input) {
        match self.tabs[tab].state {
            TabState::Runs => {}
            TabState::Frozen => return self.tabs[tab].backlog.push(input),
            TabState::Aside | TabState::Closed => return,
        }
        let now = self.now();
        for effect in self.tabs[tab].machine.handle(input, now) {
            self.perform(tab, effect);
        }
    }

    fn perform(&mut self, tab: usize, effect: Effect) {
        match effect {
            Effect::OpenStream { after } => self.open_stream(tab, after),
            Effect::CloseStream => self.tabs[tab].stream = None,
            Effect::FetchSnapshot { deadline_ms } => self.fetch(tab, deadline_ms),
            Effect::RequestLock(lock) => self.request(tab, lock),
            Effect::ReleaseLock(lock) => self.release(tab, lock),
            Effect::JoinChannel => self.tabs[tab].channel = Some(self.number()),
            Effect::LeaveChannel => self.tabs[tab].channel = None,
            Effect::Post(message) => self.post(tab, &message),
            Effect::Show(change) => self.show(tab, change),
        }
    }

    fn show(&mut self, tab: usize, change: Change) {
        let Tab { view, machine, .. } = &mut self.tabs[tab];
        view.show(change, machine.snapshot());
    }

    fn deliver(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Stream { tab, number, opens } => self.deliver_stream(tab, number, opens),
            Delivery::StreamFailed { tab, number, refused } => {
                if self.tabs[tab].stream.take_if(|stream| stream.number == number).is_some() {
                    self.feed(tab, Input::StreamFailed { refused });
                }
            }
            Delivery::Snapshot { tab, request, answer } => {
                if self.tabs[tab].request == request {
                    self.feed(tab, Input::SnapshotArrived(answer));
                }
            }
            Delivery::Lock { tab, lock, request, granted } => {
                if self.tabs[tab].locks[lock as usize] == Some(request) {
                    let input = if granted { Input::LockGranted } else { Input::LockRefused };
                    self.feed(tab, input(lock));
                }
            }
            Delivery::Message { tab, membership, message } => {
                if self.tabs[tab].channel == Some(membership) {
                    self.feed(tab, Input::MessageArrived(message));
                }
            }
        }
    }

    /// Every tab that is not closed shows what the server has.
    pub(super) fn assert_whole(&self) {
        for (at, tab) in self.tabs.iter().enumerate() {
            if tab.state == TabState::Closed {
                continue;
            }
            let snapshot = &self.logs[tab.generation].snapshot;
            assert_eq!(tab.view.title, snapshot.text("title"), "title of tab {at}");
            assert_eq!(tab.view.summary, snapshot.text("summary"), "summary of tab {at}");
            assert_eq!(tab.view.status, snapshot.status, "status of tab {at}");
            assert_eq!(tab.view.outage, None, "outage of tab {at}");
        }
    }
}
