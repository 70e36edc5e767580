use std::collections::{BTreeMap, VecDeque};

use protocol::conversation::Conversation;

use super::server::{ID, Server};
use crate::{
    chat::{Change, Effect, FetchError, Input, Machine, Message},
    now::Now,
};

/// How long anything takes on its way, in milliseconds.
const WAY_MS: u64 = 20;
/// How long a message from tab to tab takes, in milliseconds.
const POST_MS: u64 = 2;

/// A stream on its way to a tab.
struct Stream {
    number: u64,
    at: usize,
    /// Nothing comes through any more, and nobody is told.
    is_frozen: bool,
}

struct Tab {
    machine: Machine,
    stream: Option<Stream>,
    request: u64,
    /// Its scripts stand still; what happens waits.
    frozen: Option<Vec<Input>>,
    shown: Vec<Change>,
}

enum Happening {
    /// Something reaches a tab, unless it belongs to a stream or a request of another number.
    Input {
        tab: usize,
        stream: Option<u64>,
        input: Input,
    },
    /// A request reaches the server.
    Fetch {
        tab: usize,
        request: u64,
    },
    Answer {
        tab: usize,
        request: u64,
        answer: Result<Box<Conversation>, FetchError>,
    },
}

/// Tabs of one browser, and a server.
pub(super) struct World {
    pub(super) server: Server,
    tabs: Vec<Tab>,
    now_ms: u64,
    plan: BTreeMap<(u64, u64), Happening>,
    count: u64,
    /// The tabs that want the lock; the first has it. None where there are no locks.
    lock: Option<VecDeque<usize>>,
    is_cut: bool,
    /// With what streams were asked for.
    pub(super) opened: Vec<Option<String>>,
    pub(super) fetches: usize,
}

impl World {
    pub(super) fn new(server: Server) -> Self {
        Self {
            server,
            tabs: Vec::new(),
            now_ms: 1_000,
            plan: BTreeMap::new(),
            count: 0,
            lock: Some(VecDeque::new()),
            is_cut: false,
            opened: Vec::new(),
            fetches: 0,
        }
    }

    pub(super) fn without_locks(mut self) -> Self {
        self.lock = None;
        self
    }

    fn now(&self) -> Now {
        Now { clock_ms: self.now_ms, wall_ms: 1_000_000 + self.now_ms }
    }

    /// Opens a tab with the conversation as it stands.
    pub(super) fn open_tab(&mut self) -> usize {
        let machine =
            Machine::new(self.server.snapshot(ID), self.tabs.len() as u64 + 1, false, self.now());
        let tab = self.tabs.len();
        self.tabs.push(Tab { machine, stream: None, request: 0, frozen: None, shown: Vec::new() });
        self.feed(tab, Input::Join);
        tab
    }

    pub(super) fn feed(&mut self, tab: usize, input: Input) {
        if let Some(waiting) = &mut self.tabs[tab].frozen {
            return waiting.push(input);
        }
        let now = self.now();
        for effect in self.tabs[tab].machine.handle(input, now) {
            self.perform(tab, effect);
        }
    }

    fn plan(&mut self, wait_ms: u64, happening: Happening) {
        self.count += 1;
        self.plan.insert((self.now_ms + wait_ms, self.count), happening);
    }

    fn perform(&mut self, tab: usize, effect: Effect) {
        match effect {
            Effect::OpenStream { after } => self.open_stream(tab, after.as_deref()),
            Effect::CloseStream => self.tabs[tab].stream = None,
            Effect::Fetch { .. } => {
                self.fetches += 1;
                self.tabs[tab].request += 1;
                let request = self.tabs[tab].request;
                self.plan(WAY_MS, Happening::Fetch { tab, request });
            }
            Effect::RequestLock => match &mut self.lock {
                None => self.plan(0, input(tab, Input::LockRefused)),
                Some(queue) => {
                    queue.push_back(tab);
                    if queue.len() == 1 {
                        self.plan(1, input(tab, Input::LockGranted));
                    }
                }
            },
            Effect::ReleaseLock => self.release(tab),
            Effect::JoinChannel | Effect::LeaveChannel => {}
            Effect::Post(message) => self.post(tab, &message),
            Effect::Show(change) => self.tabs[tab].shown.push(change),
        }
    }

    fn release(&mut self, tab: usize) {
        let Some(queue) = &mut self.lock else { return };
        let was_first = queue.front() == Some(&tab);
        queue.retain(|other| *other != tab);
        if let Some(next) = queue.front().copied().filter(|_| was_first) {
            self.plan(1, input(next, Input::LockGranted));
        }
    }

    fn post(&mut self, from: usize, message: &Message) {
        for tab in (0..self.tabs.len()).filter(|tab| *tab != from) {
            self.plan(POST_MS, input(tab, Input::MessageArrived(message.clone())));
        }
    }

    fn open_stream(&mut self, tab: usize, after: Option<&str>) {
        self.count += 1;
        let number = self.count;
        self.opened.push(after.map(str::to_owned));
        let happening = |input| Happening::Input { tab, stream: Some(number), input };
        if self.is_cut {
            self.tabs[tab].stream = Some(Stream { number, at: usize::MAX, is_frozen: false });
            return self.plan(WAY_MS, happening(Input::StreamFailed { refused: false }));
        }
        let (first, at) = self.server.open(after);
        self.tabs[tab].stream = Some(Stream { number, at, is_frozen: false });
        self.plan(WAY_MS, happening(Input::StreamOpened));
        for raw in first {
            self.plan(WAY_MS, happening(Input::StreamEvent(raw)));
        }
    }

    /// Sends what is new on all streams.
    fn send(&mut self) {
        for tab in 0..self.tabs.len() {
            while let Some(stream) = self.tabs[tab].stream.as_mut().filter(|it| it.at != usize::MAX)
            {
                let Some(raw) = self.server.after(stream.at) else { break };
                stream.at += 1;
                let (number, is_frozen) = (stream.number, stream.is_frozen);
                if !is_frozen {
                    let input = Input::StreamEvent(raw);
                    self.plan(WAY_MS, Happening::Input { tab, stream: Some(number), input });
                }
            }
        }
    }

    /// Lets so many milliseconds go by.
    pub(super) fn pass(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        loop {
            self.send();
            let planned = self.plan.keys().next().map(|(at_ms, _)| *at_ms);
            let due = self.tabs.iter().filter(|tab| tab.frozen.is_none());
            let due = due.filter_map(|tab| tab.machine.deadline_ms()).min();
            let next = planned.into_iter().chain(due).min().filter(|at_ms| *at_ms <= end_ms);
            let Some(next_ms) = next else { break };
            self.now_ms = self.now_ms.max(next_ms);
            if planned == Some(next_ms)
                && let Some((_, happening)) = self.plan.pop_first()
            {
                self.happen(happening);
            } else {
                self.wake();
            }
        }
        self.now_ms = end_ms;
    }

    fn wake(&mut self) {
        for tab in 0..self.tabs.len() {
            let due_ms = self.tabs[tab].machine.deadline_ms();
            if self.tabs[tab].frozen.is_none() && due_ms.is_some_and(|due_ms| due_ms <= self.now_ms)
            {
                self.feed(tab, Input::TimePassed);
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Input { tab, stream, input } => {
                let own = self.tabs[tab].stream.as_ref().map(|stream| stream.number);
                let has_lock = self.lock.as_ref().is_some_and(|queue| queue.front() == Some(&tab));
                if matches!(input, Input::LockGranted) && !has_lock {
                    // It has left the queue meanwhile.
                    return;
                }
                if stream.is_none_or(|number| own == Some(number)) {
                    self.feed(tab, input);
                }
            }
            Happening::Fetch { tab, request } => {
                let answer = match (self.is_cut, self.server.is_deleted()) {
                    (true, _) => Err(FetchError::Unavailable),
                    (_, true) => Err(FetchError::NotFound),
                    _ => Ok(Box::new(self.server.snapshot(ID))),
                };
                self.plan(WAY_MS, Happening::Answer { tab, request, answer });
            }
            Happening::Answer { tab, request, answer } => {
                if self.tabs[tab].request == request {
                    self.feed(tab, Input::Fetched(answer));
                }
            }
        }
    }

    /// Breaks all streams off, and each new one until [`mend`](Self::mend).
    pub(super) fn cut(&mut self) {
        self.is_cut = true;
        for tab in 0..self.tabs.len() {
            if let Some(stream) = &mut self.tabs[tab].stream {
                stream.at = usize::MAX;
                let number = stream.number;
                let input = Input::StreamFailed { refused: false };
                self.plan(WAY_MS, Happening::Input { tab, stream: Some(number), input });
            }
        }
    }

    pub(super) fn mend(&mut self) {
        self.is_cut = false;
    }

    /// The stream that is open delivers nothing any more.
    pub(super) fn freeze_stream(&mut self) {
        self.tabs.iter_mut().filter_map(|tab| tab.stream.as_mut()).for_each(|stream| {
            stream.is_frozen = true;
        });
    }

    /// Stops the scripts of a tab.
    pub(super) fn freeze(&mut self, tab: usize) {
        self.tabs[tab].frozen.get_or_insert_default();
    }

    pub(super) fn thaw(&mut self, tab: usize) {
        for input in self.tabs[tab].frozen.take().unwrap_or_default() {
            self.feed(tab, input);
        }
    }

    /// Whether a stream is open that delivers nothing.
    pub(super) fn is_frozen(&self) -> bool {
        self.tabs.iter().filter_map(|tab| tab.stream.as_ref()).any(|stream| stream.is_frozen)
    }

    /// How many streams are open.
    pub(super) fn streams(&self) -> usize {
        self.tabs.iter().filter(|tab| tab.stream.is_some()).count()
    }

    pub(super) fn shown(&self, tab: usize) -> &[Change] {
        &self.tabs[tab].shown
    }

    /// The text of the last reply, as a tab knows it.
    pub(super) fn text(&self, tab: usize) -> &str {
        let messages = &self.tabs[tab].machine.conversation().messages;
        messages.last().map(|message| message.content.as_str()).unwrap_or_default()
    }

    /// Each tab has what the server has.
    pub(super) fn expect_agreement(&self) {
        let mut wanted = self.server.snapshot(ID);
        wanted.cursor.clear();
        for (number, tab) in self.tabs.iter().enumerate() {
            let mut own = tab.machine.conversation().clone();
            own.cursor.clear();
            assert_eq!(own, wanted, "tab {number}");
        }
    }
}

fn input(tab: usize, input: Input) -> Happening {
    Happening::Input { tab, stream: None, input }
}
