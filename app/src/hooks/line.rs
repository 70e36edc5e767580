use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use protocol::{Snapshot, Status};

use super::{
    backoff::Backoff,
    connection::{Connection, Turn},
    deadline::in_time,
    guards::{Listener, Ticker},
    report::{Reader, Report},
    silence::{Silence, WATCH_MS},
};
use crate::{api_error::ApiError, browser, commands};

/// How often it is looked whether a wait is over.
const LOOK_MS: u64 = 100;

/// A connection that is opened again whenever it is lost, always after what its reader has read.
///
/// It counts as lost, too, when the browser says that it is offline, and when the generation has
/// gone on without a word of it having come, or cannot be looked at. Silence alone says nothing:
/// the server's heartbeats are comments, of which an `EventSource` does not tell.
pub(super) struct Line(Rc<RefCell<Wire>>);

struct Wire {
    id: String,
    backoff: Backoff,
    /// Whether the server's last answer was no stream.
    refused: bool,
    open: bool,
    connection: Option<Connection>,
    retry: Option<Ticker>,
    watch: Option<(Listener, Ticker)>,
    silence: Silence,
}

impl Line {
    pub(super) fn open(id: &str, reader: Rc<dyn Reader>) -> Self {
        let wire = Rc::new(RefCell::new(Wire {
            id: id.to_owned(),
            backoff: Backoff::default(),
            refused: false,
            open: false,
            connection: None,
            retry: None,
            watch: None,
            silence: Silence::new(),
        }));
        let splice = Splice { wire: Rc::downgrade(&wire), reader };
        splice.connect();
        splice.keep_watch();
        Self(wire)
    }

    /// Whether events come over it now.
    pub(super) fn is_open(&self) -> bool {
        self.0.borrow().open
    }
}

/// The way back to the wire for whoever may outlive it.
#[derive(Clone)]
struct Splice {
    wire: Weak<RefCell<Wire>>,
    reader: Rc<dyn Reader>,
}

impl Splice {
    /// Nothing that is done in `act` may call the reader: it may want the wire.
    fn with<T>(&self, act: impl FnOnce(&mut Wire) -> T) -> Option<T> {
        let wire = self.wire.upgrade()?;
        let done = act(&mut wire.borrow_mut());
        Some(done)
    }

    /// Opens a connection after the last event, in place of any other.
    fn connect(&self) {
        let cursor = self.reader.cursor();
        let splice = self.clone();
        self.with(|wire| {
            wire.retry = None;
            wire.silence.restart();
            wire.connection = Connection::open(&wire.id, cursor, move |turn| splice.take(turn));
        });
    }

    fn take(&self, turn: Turn) {
        self.with(|wire| wire.silence.restart());
        match turn {
            Turn::Opened => {
                self.with(|wire| (wire.refused, wire.open) = (false, true));
                self.reader.hear(Report::At(self.reader.cursor()));
            }
            Turn::Arrived(message) => {
                self.with(|wire| wire.backoff.reset());
                self.reader.hear(Report::Event(message));
            }
            Turn::Lost { refused } => self.wait(refused),
        }
    }

    /// Waits, counting down, and connects again.
    fn wait(&self, refused: bool) {
        let wait_ms = self.with(|wire| {
            (wire.refused, wire.open) = (refused, false);
            wire.connection = None;
            wire.backoff.next_ms(js_sys::Math::random())
        });
        let Some(wait_ms) = wait_ms else { return };
        let until = browser::clock_ms() + wait_ms;
        self.reader.hear(Report::Waiting(seconds_until(until)));
        let splice = self.clone();
        let told = std::cell::Cell::new(seconds_until(until));
        let ticker = Ticker::every(LOOK_MS, move || {
            let left = seconds_until(until);
            if told.replace(left) != left {
                splice.reader.hear(Report::Waiting(left));
            }
            if left == 0 {
                splice.retry();
            }
        });
        self.with(|wire| wire.retry = ticker);
    }

    /// Connects again; after a refusal only when there is still something to follow.
    fn retry(&self) {
        let asks = self.with(|wire| {
            wire.retry = None;
            wire.refused.then(|| wire.id.clone())
        });
        let Some(asks) = asks else { return };
        let Some(id) = asks else { return self.connect() };
        let splice = self.clone();
        spawn_local(async move {
            match in_time(commands::fetch_snapshot(id)).await {
                Ok(snapshot) if snapshot.status != Status::Running => {
                    splice.tell(Report::Whole(Box::new(snapshot)));
                }
                Err(fault) if fault.is_not_found() => splice.tell(Report::Gone),
                Ok(_) => splice.connect(),
                Err(_) => splice.wait(true),
            }
        });
    }

    /// Notices from now on that a connection is lost of which nobody says so.
    fn keep_watch(&self) {
        let (splice, silence) = (self.clone(), self.clone());
        let offline = Listener::on("offline", move |_| {
            if splice.with(|wire| wire.connection.is_some()) == Some(true) {
                splice.wait(false);
            }
        });
        let ticker = Ticker::every(WATCH_MS, move || silence.watch());
        self.with(|wire| wire.watch = ticker.map(|ticker| (offline, ticker)));
    }

    /// Looks at the generation when the connection is silent.
    fn watch(&self) {
        let asks = self.with(|wire| {
            let asks = wire.connection.is_some() && wire.silence.asks();
            asks.then(|| wire.id.clone())
        });
        let Some(Some(id)) = asks else { return };
        let splice = self.clone();
        spawn_local(async move {
            let answer = in_time(commands::fetch_snapshot(id)).await;
            let is_silent =
                splice.with(|wire| wire.silence.answered() && wire.connection.is_some());
            if is_silent == Some(true) {
                splice.judge(answer);
            }
        });
    }

    /// Goes on with a silent connection only if there was nothing to say.
    fn judge(&self, answer: Result<Snapshot, ApiError>) {
        let cursor = self.reader.cursor();
        match answer {
            Ok(snapshot) if snapshot.status == Status::Running && snapshot.cursor <= cursor => {
                self.with(|wire| wire.silence.restart());
            }
            Ok(snapshot) => {
                self.tell(Report::Whole(Box::new(snapshot)));
                self.wait(false);
            }
            Err(fault) if fault.is_not_found() => self.tell(Report::Gone),
            Err(_) => self.wait(false),
        }
    }

    /// Tells the reader, unless the line was dropped meanwhile.
    fn tell(&self, report: Report) {
        if self.wire.upgrade().is_some() {
            self.reader.hear(report);
        }
    }
}

/// Whole seconds from now to a time by the page's clock, rounded up.
fn seconds_until(time_ms: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, clamped")]
    let seconds = ((time_ms - browser::clock_ms()) / 1_000.0).ceil().clamp(0.0, 3_600.0) as u32;
    seconds
}
