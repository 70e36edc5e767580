use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use leptos::{html, prelude::*, task::spawn_local};
use protocol::{Event, Status};

use super::{
    connection::{Connection, Report},
    guards::{Frame, Listener, Ticker},
    pane::Pane,
    state::{Panes, Start, State},
};
use crate::{browser, commands, run::Run};

/// How often the clock is read while a generation runs.
const TICK_MS: u64 = 200;

/// Follows a running generation for as long as the view lives that calls this.
///
/// Signals of `run` change now and then; text goes straight into the panes' elements, at most
/// once a frame. `thread` is drawn to the height of `fields`.
pub(crate) fn use_live(
    run: Run,
    start: Start,
    fields: NodeRef<html::Div>,
    thread: NodeRef<html::Div>,
) {
    Effect::new(move |_| {
        let nodes = (run.title.node.get(), run.summary.node.get(), run.reasoning.node.get());
        let ornament = fields.get().zip(thread.get());
        let ((Some(title), Some(summary), Some(reasoning)), Some((fields, thread))) =
            (nodes, ornament)
        else {
            return;
        };
        let pane = |root: web_sys::HtmlDivElement, text: StoredValue<String>| {
            text.with_value(|text| Pane::adopt(root.into(), text))
        };
        let panes = Panes {
            title: pane(title, run.title.text),
            summary: pane(summary, run.summary.text),
            reasoning: pane(reasoning, run.reasoning.text),
            fields: fields.into(),
            thread: thread.into(),
        };
        let state = State::new(run, start.clone(), panes);
        // Dropped with the effect's owner, and everything that it holds with it.
        StoredValue::new_local(Live::open(state));
    });
}

/// A generation that is being followed.
struct Live {
    state: Rc<RefCell<State>>,
    _listeners: [Listener; 3],
    _ticker: Option<Ticker>,
}

impl Live {
    fn open(state: State) -> Self {
        let state = Rc::new(RefCell::new(state));
        let link = Link(Rc::downgrade(&state));
        link.connect();
        // A page in the back-forward cache may hold no connection, and comes back as it was left.
        let leave = link.clone();
        let comeback = link.clone();
        let online = link.clone();
        let listeners = [
            Listener::on("pagehide", move |_| leave.close()),
            Listener::on("pageshow", move |_| comeback.reconnect_when_closed()),
            Listener::on("online", move |_| online.connect()),
        ];
        let ticker = Ticker::every(TICK_MS, move || link.with(State::tick));
        Self { state, _listeners: listeners, _ticker: ticker }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // The listeners hold the state weakly; but a report may be under way.
        if let Ok(mut state) = self.state.try_borrow_mut() {
            state.close();
        }
    }
}

/// The way back to the state for whoever may outlive it.
#[derive(Clone)]
struct Link(Weak<RefCell<State>>);

impl Link {
    fn with(&self, act: impl FnOnce(&mut State)) {
        if let Some(state) = self.0.upgrade() {
            act(&mut state.borrow_mut());
        }
    }

    fn close(&self) {
        self.with(State::close);
    }

    fn reconnect_when_closed(&self) {
        let closed = self.0.upgrade().is_some_and(|state| state.borrow().connection.is_none());
        if closed {
            self.connect();
        }
    }

    /// Opens a connection after the last event, in place of any other.
    fn connect(&self) {
        let link = self.clone();
        self.with(|state| {
            if state.is_over() {
                return;
            }
            state.close();
            let connection = Connection::open(&state.start.id, state.start.cursor, move |report| {
                link.report(report);
            });
            state.connection = connection;
        });
    }

    fn report(&self, report: Report) {
        match report {
            Report::Opened => self.with(|state| {
                state.refused = false;
                state.run.outage.set(None);
            }),
            Report::Arrived(id, event) => self.arrive(id, &event),
            Report::Lost { refused } => self.wait(refused),
        }
    }

    fn arrive(&self, id: u64, event: &Event) {
        let link = self.clone();
        self.with(|state| {
            if id <= state.start.cursor {
                return;
            }
            state.start.cursor = id;
            state.backoff.reset();
            state.fold(event);
            if event.is_terminal() {
                state.finish();
            } else if browser::is_hidden() {
                state.flush();
            } else if state.frame.is_none() {
                state.frame = Frame::request(move || link.with(State::flush));
            }
        });
    }

    /// Waits, counting down, and connects again.
    fn wait(&self, refused: bool) {
        let link = self.clone();
        self.with(|state| {
            state.close();
            if state.is_over() {
                return;
            }
            state.refused = refused;
            let until = browser::now_ms() + state.backoff.next_ms(js_sys::Math::random());
            state.run.outage.set(Some(seconds_until(until)));
            state.retry = Ticker::every(100, move || match seconds_until(until) {
                0 => link.retry(),
                left => link.with(|state| {
                    if state.run.outage.get_untracked() != Some(left) {
                        state.run.outage.set(Some(left));
                    }
                }),
            });
        });
    }

    /// Connects again; after a refusal only when there is still something to follow.
    fn retry(&self) {
        let mut asks = None;
        self.with(|state| {
            state.retry = None;
            state.run.outage.set(Some(0));
            asks = state.refused.then(|| state.start.id.clone());
        });
        let Some(id) = asks else { return self.connect() };
        let link = self.clone();
        spawn_local(async move {
            match commands::view(id).await {
                Ok(view) if view.snapshot.status != Status::Running => {
                    link.with(|state| state.adopt(&view.snapshot));
                }
                Err(fault) if fault.is_not_found() => link.with(State::vanish),
                Ok(_) => link.connect(),
                Err(_) => link.wait(true),
            }
        });
    }
}

/// Whole seconds from now, rounded up.
fn seconds_until(time_ms: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, clamped")]
    let seconds = ((time_ms - browser::now_ms()) / 1_000.0).ceil().clamp(0.0, 3_600.0) as u32;
    seconds
}
