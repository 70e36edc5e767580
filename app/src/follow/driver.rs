use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use protocol::{Event, Snapshot};

use super::{
    Change, Effect, FetchError, Input, Lock, Machine, RawEvent,
    encoding::{decode, encode},
};
use crate::{
    adapters::{Alarm, Channel, EventStream, PageUpdate, StreamUpdate, TabLock, listen},
    api_error::ApiError,
    browser, commands,
    hooks::{Listener, within},
    now::Now,
};

/// How many event streams all tabs of one browser keep open at once.
const STREAMS: usize = 4;
/// How often per second the server sends something at most. The page is not painted more often, and
/// an event costs it more time than the text in it.
const FPS: u32 = 30;

/// Follows a generation in the browser until it is dropped.
pub(crate) struct Driver {
    ports: Rc<Ports>,
    _listeners: [Listener; 5],
}

/// Shows a change. The snapshot is the generation after it.
type Show = dyn Fn(Change, &Snapshot);

/// The machine, and the browser's objects that it works with.
struct Ports {
    id: String,
    machine: RefCell<Machine>,
    /// Inputs that wait for the machine, while the effects of earlier ones are carried out.
    inputs: RefCell<VecDeque<Input>>,
    /// Whether effects are being carried out.
    is_busy: Cell<bool>,
    show: Box<Show>,
    stream: Cell<Option<EventStream>>,
    channel: RefCell<Option<Channel>>,
    generation_lock: Cell<Option<TabLock>>,
    stream_lock: Cell<Option<TabLock>>,
    /// The number of the last request for the snapshot.
    request: Cell<u64>,
    alarm: Rc<Alarm>,
}

impl Driver {
    /// Follows the generation after `snapshot`. `show` gets each change, and the generation as it is
    /// after the whole input that the change came with.
    pub(crate) fn follow(snapshot: Snapshot, show: impl Fn(Change, &Snapshot) + 'static) -> Self {
        let ports = Rc::new(Ports {
            id: snapshot.id.clone(),
            // JavaScript holds integers of up to 53 bits exactly.
            machine: RefCell::new(Machine::new(
                snapshot,
                browser::random() >> 11,
                browser::is_hidden(),
            )),
            inputs: RefCell::default(),
            is_busy: Cell::default(),
            show: Box::new(show),
            stream: Cell::default(),
            channel: RefCell::default(),
            generation_lock: Cell::default(),
            stream_lock: Cell::default(),
            request: Cell::default(),
            alarm: Rc::default(),
        });
        let feed = ports.feeder();
        let listeners = listen(move |update| feed(page_input(update)));
        ports.feed(Input::Join);
        Self { ports, _listeners: listeners }
    }

    /// Reads the generation as it stands.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Snapshot) -> T) -> T {
        read(self.ports.machine.borrow().snapshot())
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
        // When effects are being carried out, the loop below runs already and takes this input, too.
        if self.is_busy.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            let effects = self.machine.borrow_mut().handle(input, Now::read());
            // Only read from here on: what is shown may read the snapshot by itself.
            for effect in effects {
                self.perform(effect, self.machine.borrow().snapshot());
            }
        }
        self.is_busy.set(false);
        let (deadline_ms, feed) = (self.machine.borrow().deadline_ms(), self.feeder());
        self.alarm.set(deadline_ms, move || feed(Input::TimePassed));
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop_front()
    }

    fn perform(self: &Rc<Self>, effect: Effect, snapshot: &Snapshot) {
        match effect {
            Effect::OpenStream { after } => {
                // The old stream is closed first, as browsers allow few connections.
                self.stream.set(None);
                let feed = self.feeder();
                let address =
                    format!("/api/generations/{}/events?after={after}&fps={FPS}", self.id);
                let stream = EventStream::open(&address, &Event::NAMES, move |update| {
                    if let Some(input) = stream_input(update) {
                        feed(input);
                    }
                });
                if stream.is_none() {
                    self.feed(Input::StreamFailed { refused: false });
                }
                self.stream.set(stream);
            }
            Effect::CloseStream => self.stream.set(None),
            Effect::FetchSnapshot { deadline_ms } => self.fetch_snapshot(deadline_ms),
            Effect::RequestLock(lock) => self.request_lock(lock),
            Effect::ReleaseLock(Lock::Generation) => self.generation_lock.set(None),
            Effect::ReleaseLock(Lock::Stream) => self.stream_lock.set(None),
            Effect::JoinChannel => {
                let feed = self.feeder();
                let take = move |message| {
                    if let Some(message) = decode(&message) {
                        feed(Input::MessageArrived(message));
                    }
                };
                *self.channel.borrow_mut() = Channel::join(&self.shared_name(), take);
            }
            Effect::LeaveChannel => *self.channel.borrow_mut() = None,
            Effect::Post(message) => {
                if let Some(channel) = &*self.channel.borrow() {
                    channel.post(&encode(message));
                }
            }
            Effect::Show(change) => (self.show)(change, snapshot),
        }
    }

    fn fetch_snapshot(self: &Rc<Self>, deadline_ms: u64) {
        let number = self.request.get() + 1;
        self.request.set(number);
        let (id, ports) = (self.id.clone(), Rc::downgrade(self));
        spawn_local(async move {
            #[expect(clippy::cast_precision_loss, reason = "seconds")]
            let answer = within(deadline_ms as f64, commands::fetch_snapshot(id)).await;
            let Some(ports) = ports.upgrade().filter(|ports| ports.request.get() == number) else {
                return;
            };
            ports.feed(Input::SnapshotArrived(match answer {
                Ok(snapshot) => Ok(Box::new(snapshot)),
                Err(error) => Err(fetch_error(&error)),
            }));
        });
    }

    fn request_lock(self: &Rc<Self>, lock: Lock) {
        let (granted, refused) = (self.feeder(), self.feeder());
        let request = |names: &[String]| {
            let granted = move || granted(Input::LockGranted(lock));
            TabLock::request(names, granted, move || refused(Input::LockRefused(lock)))
        };
        let requested = match lock {
            Lock::Generation if self.channel.borrow().is_none() => None,
            Lock::Generation => request(&[self.shared_name()]),
            Lock::Stream => {
                let name = |number: usize| format!("unspool-stream-{number}");
                request(&(0..STREAMS).map(name).collect::<Vec<_>>())
            }
        };
        if requested.is_none() {
            self.feed(Input::LockRefused(lock));
        }
        match lock {
            Lock::Generation => self.generation_lock.set(requested),
            Lock::Stream => self.stream_lock.set(requested),
        }
    }

    /// The name of the lock and the channel of the tabs that follow this generation.
    fn shared_name(&self) -> String {
        format!("unspool-generation-{}", self.id)
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

fn stream_input(update: StreamUpdate) -> Option<Input> {
    Some(match update {
        StreamUpdate::Opened => Input::StreamOpened,
        StreamUpdate::Event(id, name, data) => {
            Input::StreamEvent(RawEvent { id: id.parse().ok()?, name, data })
        }
        StreamUpdate::Failed { refused } => Input::StreamFailed { refused },
    })
}

fn fetch_error(error: &ApiError) -> FetchError {
    if error.is_not_found() { FetchError::NotFound } else { FetchError::Unavailable }
}
