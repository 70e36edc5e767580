use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use protocol::conversation::{Conversation, Event};

use super::{
    Change, Effect, FetchError, Input, Machine, RawEvent, Sent,
    encoding::{decode, encode},
};
use crate::{
    adapters::{Alarm, Channel, EventStream, PageUpdate, StreamUpdate, TabLock, listen},
    api_error::ApiError,
    browser,
    commands::conversations::fetch_conversation,
    hooks::{Listener, within},
    now::Now,
};

/// The name of the lock and the channel of the tabs that share the stream.
const SHARED: &str = "unspool-conversations";
/// Where the stream is. The server sends something 30 times per second at most: the page is not painted
/// more often, and an event costs it more time than the text in it.
const STREAM: &str = "/api/conversations/stream?render=blocks&fps=30";

/// Follows a conversation in the browser until it is dropped.
pub(crate) struct Driver {
    ports: Rc<Ports>,
    _listeners: [Listener; 5],
}

/// Shows a change. The conversation is as it is after the whole input that the change came with.
type Show = dyn Fn(Change, &Conversation);

/// The machine, and the browser's objects that it works with.
struct Ports {
    id: String,
    machine: RefCell<Machine>,
    /// Inputs that wait for the machine, which is borrowed while its effects are carried out.
    inputs: RefCell<VecDeque<Input>>,
    show: Box<Show>,
    stream: Cell<Option<EventStream>>,
    channel: RefCell<Option<Channel>>,
    lock: Cell<Option<TabLock>>,
    /// The number of the last request for the conversation.
    request: Cell<u64>,
    alarm: Rc<Alarm>,
}

impl Driver {
    /// Follows the conversation from what was loaded.
    pub(crate) fn follow(
        conversation: Conversation,
        show: impl Fn(Change, &Conversation) + 'static,
    ) -> Self {
        let id = conversation.id.clone();
        // JavaScript holds integers of up to 53 bits exactly.
        let tab = browser::random() >> 11;
        let machine = Machine::new(conversation, tab, browser::is_hidden(), Now::read());
        let ports = Rc::new(Ports {
            id,
            machine: RefCell::new(machine),
            inputs: RefCell::default(),
            show: Box::new(show),
            stream: Cell::default(),
            channel: RefCell::default(),
            lock: Cell::default(),
            request: Cell::default(),
            alarm: Rc::default(),
        });
        let feed = ports.feeder();
        let listeners = listen(move |update| feed(page_input(update)));
        ports.feed(Input::Join);
        Self { ports, _listeners: listeners }
    }

    /// Tells what the reader has sent from here.
    pub(crate) fn sent(&self, sent: Sent) {
        self.ports.feed(Input::Sent(sent));
    }

    /// Tells which branch the reader wants to see.
    pub(crate) fn choose_leaf(&self, leaf_id: String) {
        self.ports.feed(Input::LeafChosen(leaf_id));
    }

    /// Tells the title that the reader has given.
    pub(crate) fn choose_title(&self, title: String) {
        self.ports.feed(Input::TitleChosen(title));
    }

    /// Adds messages from before those that are here.
    pub(crate) fn prepend(&self, older: Conversation) {
        self.ports.feed(Input::OlderArrived(Box::new(older)));
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.ports.feed(Input::Leave);
    }
}

impl Ports {
    /// A function that feeds the machine as long as it exists, for callbacks that may outlive it.
    fn feeder(self: &Rc<Self>) -> impl Fn(Input) + Clone + 'static {
        let ports = Rc::downgrade(self);
        move |input| {
            if let Some(ports) = Weak::upgrade(&ports) {
                ports.feed(input);
            }
        }
    }

    fn feed(self: &Rc<Self>, input: Input) {
        self.inputs.borrow_mut().push_back(input);
        // When the machine is borrowed, the loop below runs already and takes this input, too.
        let Ok(mut machine) = self.machine.try_borrow_mut() else { return };
        while let Some(input) = self.next_input() {
            for effect in machine.handle(input, Now::read()) {
                self.perform(effect, machine.conversation());
            }
        }
        let feed = self.feeder();
        self.alarm.set(machine.deadline_ms(), move || feed(Input::TimePassed));
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop_front()
    }

    fn perform(self: &Rc<Self>, effect: Effect, conversation: &Conversation) {
        match effect {
            Effect::OpenStream { after } => self.open_stream(after.as_deref()),
            Effect::CloseStream => self.stream.set(None),
            Effect::Fetch { deadline_ms } => self.fetch(deadline_ms),
            Effect::RequestLock => self.request_lock(),
            Effect::ReleaseLock => self.lock.set(None),
            Effect::JoinChannel => {
                let feed = self.feeder();
                let take = move |message| {
                    if let Some(message) = decode(&message) {
                        feed(Input::MessageArrived(message));
                    }
                };
                *self.channel.borrow_mut() = Channel::join(SHARED, take);
            }
            Effect::LeaveChannel => *self.channel.borrow_mut() = None,
            Effect::Post(message) => {
                if let Some(channel) = &*self.channel.borrow() {
                    channel.post(&encode(message));
                }
            }
            Effect::Show(change) => (self.show)(change, conversation),
        }
    }

    fn open_stream(self: &Rc<Self>, after: Option<&str>) {
        // The old stream is closed first, as browsers allow few connections.
        self.stream.set(None);
        let after = after.map(js_sys::encode_uri_component);
        let after = after.map(|id| format!("&after={}", String::from(id))).unwrap_or_default();
        let feed = self.feeder();
        let stream = EventStream::open(&format!("{STREAM}{after}"), &Event::NAMES, move |update| {
            feed(stream_input(update));
        });
        if stream.is_none() {
            self.feed(Input::StreamFailed { refused: false });
        }
        self.stream.set(stream);
    }

    fn fetch(self: &Rc<Self>, deadline_ms: u64) {
        let number = self.request.get() + 1;
        self.request.set(number);
        let (id, ports) = (self.id.clone(), Rc::downgrade(self));
        spawn_local(async move {
            #[expect(clippy::cast_precision_loss, reason = "seconds")]
            let answer = within(deadline_ms as f64, fetch_conversation(id, None)).await;
            let Some(ports) = ports.upgrade().filter(|ports| ports.request.get() == number) else {
                return;
            };
            ports.feed(Input::Fetched(match answer {
                Ok(conversation) => Ok(Box::new(conversation)),
                Err(error) => Err(fetch_error(&error)),
            }));
        });
    }

    fn request_lock(self: &Rc<Self>) {
        let (granted, refused) = (self.feeder(), self.feeder());
        let granted = move || granted(Input::LockGranted);
        let refused = move || refused(Input::LockRefused);
        // A leader without a channel would keep the others waiting.
        let requested = self
            .channel
            .borrow()
            .as_ref()
            .and_then(|_| TabLock::request(&[SHARED.to_owned()], granted, refused));
        if requested.is_none() {
            self.feed(Input::LockRefused);
        }
        self.lock.set(requested);
    }
}

fn page_input(update: PageUpdate) -> Input {
    match update {
        PageUpdate::Entered => Input::Join,
        PageUpdate::Left => Input::Leave,
        PageUpdate::Online => Input::Online,
        PageUpdate::Offline => Input::Offline,
        PageUpdate::Hidden => Input::Hidden,
        PageUpdate::Shown => Input::Shown,
    }
}

fn stream_input(update: StreamUpdate) -> Input {
    match update {
        StreamUpdate::Opened => Input::StreamOpened,
        StreamUpdate::Event(id, name, data) => Input::StreamEvent(RawEvent { id, name, data }),
        StreamUpdate::Failed { refused } => Input::StreamFailed { refused },
    }
}

fn fetch_error(error: &ApiError) -> FetchError {
    if error.is_not_found() { FetchError::NotFound } else { FetchError::Unavailable }
}
