use protocol::Event;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::follow::{Input, RawEvent};

/// How often per second the server sends something at most. The page is not painted more often, and
/// an event costs it more time than the text in it.
const FPS: u32 = 30;

/// An `EventSource` of a generation's events. Dropping it closes the connection.
///
/// `gloo-net` has one, too, but with a stream for each event name. These lose the order between events
/// of different names, and their queues have no bound.
pub(in crate::follow) struct EventStream {
    source: EventSource,
    on_event: [Closure<dyn FnMut(MessageEvent)>; Event::NAMES.len()],
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl EventStream {
    /// Requests the events of generation `id` after the event `after`.
    pub(in crate::follow) fn open(
        id: &str,
        after: u64,
        feed: impl Fn(Input) + Clone + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(&address(id, after)).ok()?;
        let on_event = Event::NAMES.map(|name| {
            let feed = feed.clone();
            let on_event = Closure::new(move |event: MessageEvent| {
                if let Some(event) = read(&event, name) {
                    feed(Input::StreamEvent(event));
                }
            });
            let listener = on_event.as_ref().unchecked_ref();
            let _ = source.add_event_listener_with_callback(name, listener);
            on_event
        });
        let on_open = Closure::new({
            let feed = feed.clone();
            move || feed(Input::StreamOpened)
        });
        let on_error = Closure::new({
            let source = source.clone();
            move || {
                // Where the response is no event stream, a browser closes the source.
                let refused = source.ready_state() == EventSource::CLOSED;
                feed(Input::StreamFailed { refused });
            }
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, on_event, _on_open: on_open, _on_error: on_error })
    }
}

fn address(id: &str, after: u64) -> String {
    format!("/api/generations/{id}/events?after={after}&fps={FPS}")
}

fn read(event: &MessageEvent, name: &'static str) -> Option<RawEvent> {
    let id = event.last_event_id().parse().ok()?;
    Some(RawEvent { id, name, data: event.data().as_string()? })
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        for (name, on_event) in Event::NAMES.iter().zip(&self.on_event) {
            let listener = on_event.as_ref().unchecked_ref();
            let _ = self.source.remove_event_listener_with_callback(name, listener);
        }
    }
}
