use std::cell::Cell;

use protocol::Event;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use super::report::Message;

/// What becomes of a connection.
pub(super) enum Turn {
    /// The server answers.
    Opened,
    Arrived(Message),
    /// It is gone. `refused`: the server answered, but not with a stream.
    Lost {
        refused: bool,
    },
}

/// An open `EventSource`, closed when it is dropped.
///
/// One closure listens to every name in [`Event::NAMES`]. `gloo-net` gives a stream for each name
/// instead: these lose the order between events of different names, and queue without bound.
pub(super) struct Connection {
    source: EventSource,
    on_event: Closure<dyn FnMut(MessageEvent)>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Connection {
    /// Asks for the events of generation `id` after `cursor`.
    pub(super) fn open(
        id: &str,
        cursor: u64,
        report: impl Fn(Turn) + Clone + 'static,
    ) -> Option<Self> {
        let url = format!("/api/generations/{id}/events?after={cursor}");
        let source = EventSource::new(&url).ok()?;
        let on_event = Closure::new({
            let report = report.clone();
            let last = Cell::new(cursor);
            move |event: MessageEvent| {
                if let Some(message) = read(&event, last.get()) {
                    last.set(message.id);
                    report(Turn::Arrived(message));
                }
            }
        });
        let on_open = Closure::new({
            let report = report.clone();
            move || report(Turn::Opened)
        });
        let on_error = Closure::new({
            let source = source.clone();
            move || {
                let refused = source.ready_state() == EventSource::CLOSED;
                report(Turn::Lost { refused });
            }
        });
        for name in Event::NAMES {
            let listener = on_event.as_ref().unchecked_ref();
            source.add_event_listener_with_callback(name, listener).ok()?;
        }
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, on_event, _on_open: on_open, _on_error: on_error })
    }
}

fn read(event: &MessageEvent, after: u64) -> Option<Message> {
    let id = event.last_event_id().parse().ok()?;
    Some(Message { after, id, name: event.type_(), data: event.data().as_string()? })
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        for name in Event::NAMES {
            let listener = self.on_event.as_ref().unchecked_ref();
            let _ = self.source.remove_event_listener_with_callback(name, listener);
        }
    }
}
