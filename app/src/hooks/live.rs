use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use leptos::{html, prelude::*, task::spawn_local};
use protocol::Step;

use super::{
    deadline::in_time,
    guards::{Listener, Planned, Ticker},
    pane::Pane,
    panes::Panes,
    report::{Message, Reader, Report},
    shared_line::SharedLine,
    state::{Start, State},
    thread::Thread,
};
use crate::{browser, commands, run::Run};

/// How often the clock is read while a generation runs.
const TICK_MS: u64 = 200;

/// Follows a running generation for as long as the view lives that calls this.
///
/// Signals of `run` change now and then; text goes straight into the panes' elements, at most
/// twenty times a second. `thread` is drawn to the height of `fields`.
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
        };
        let thread = Thread::along(fields.into(), thread.into());
        let state = State::new(run, start.clone(), panes, thread);
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
        link.join();
        // A page in the back-forward cache may hold no connection, and comes back as it was left.
        let leave = link.clone();
        let comeback = link.clone();
        let online = link.clone();
        let listeners = [
            Listener::on("pagehide", move |_| {
                leave.with(State::close);
            }),
            Listener::on("pageshow", move |_| {
                if comeback.with(|state| state.line.is_none()) == Some(true) {
                    comeback.join();
                }
            }),
            Listener::on("online", move |_| online.join()),
        ];
        let ticker = Ticker::every(TICK_MS, move || {
            link.with(State::tick);
        });
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

impl Reader for Link {
    fn cursor(&self) -> u64 {
        self.with(|state| state.follower.cursor()).unwrap_or_default()
    }

    fn hear(&self, report: Report) {
        match report {
            Report::At(cursor) => {
                let behind = self.with(|state| {
                    state.run.set_outage(None);
                    state.follower.cursor() < cursor
                });
                if behind == Some(true) {
                    self.catch_up();
                }
            }
            Report::Event(message) => self.arrive(message),
            Report::Whole(snapshot) => {
                self.with(|state| {
                    state.run.set_outage(None);
                    state.restart(&snapshot);
                });
                self.paint();
            }
            Report::Waiting(seconds) => {
                self.with(|state| state.run.set_outage(Some(seconds)));
            }
            Report::Gone => {
                self.with(State::vanish);
            }
        }
    }
}

impl Link {
    /// Nothing that is done in `act` may ask the link for the cursor.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> Option<T> {
        let state = self.0.upgrade()?;
        let done = act(&mut state.borrow_mut());
        Some(done)
    }

    /// Joins the line after the last event, anew if it was joined.
    fn join(&self) {
        let joins = self.with(|state| {
            state.line = None;
            (!state.is_over()).then(|| state.id.clone())
        });
        let Some(Some(id)) = joins else { return };
        let line = SharedLine::join(&id, Rc::new(self.clone()));
        self.with(|state| state.line = Some(line));
    }

    fn arrive(&self, message: Message) {
        match self.with(|state| state.take(message)) {
            Some(Step::Folded) => self.paint(),
            Some(Step::Lost) => self.catch_up(),
            Some(Step::Repeated) | None => {}
        }
    }

    /// Plans to write what has arrived, unless that is planned; at once when no frame will come.
    fn paint(&self) {
        let link = self.clone();
        self.with(|state| {
            if browser::is_hidden() {
                state.flush();
            } else if state.planned.is_none() && !state.is_over() {
                state.planned = Planned::frame_after(state.rest_ms(), move || {
                    link.with(State::flush);
                });
            }
        });
    }

    /// Takes the snapshot in place of what was folded, and then what has come meanwhile.
    fn catch_up(&self) {
        if self.with(State::hold) == Some(true) {
            self.ask();
        }
    }

    fn ask(&self) {
        let Some(id) = self.with(|state| state.id.clone()) else { return };
        let link = self.clone();
        spawn_local(async move {
            match in_time(commands::fetch_snapshot(id)).await {
                Ok(snapshot) => {
                    let held = link.with(|state| {
                        state.backoff.reset();
                        state.restart(&snapshot);
                        state.release()
                    });
                    link.paint();
                    for message in held.into_iter().flatten() {
                        link.arrive(message);
                    }
                }
                Err(fault) if fault.is_not_found() => {
                    link.with(State::vanish);
                }
                Err(_) => link.ask_again(),
            }
        });
    }

    fn ask_again(&self) {
        let link = self.clone();
        self.with(|state| {
            let wait_ms = state.backoff.next_ms(js_sys::Math::random());
            state.retry = Planned::after(wait_ms, move || link.ask());
        });
    }
}
