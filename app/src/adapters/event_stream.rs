use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

/// What an [`EventStream`] feeds.
pub(crate) enum StreamUpdate {
    Opened,
    /// An event: its id, its name and its data.
    Event(String, &'static str, String),
    /// The stream has ended or could not be opened. With `refused`, the server answered, but not
    /// with a stream.
    Failed {
        refused: bool,
    },
}

/// Listens to the events of one name.
struct EventListener {
    name: &'static str,
    on_event: Closure<dyn FnMut(MessageEvent)>,
}

/// An `EventSource`. Dropping it closes the connection.
///
/// `gloo-net` has one, too, but with a stream for each event name. These lose the order between events
/// of different names, and their queues have no bound.
pub(crate) struct EventStream {
    source: EventSource,
    listeners: Vec<EventListener>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl EventStream {
    /// Requests the events of these names at `address`.
    pub(crate) fn open(
        address: &str,
        names: &[&'static str],
        feed: impl Fn(StreamUpdate) + Clone + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(address).ok()?;
        let listen = |&name: &&'static str| {
            let feed = feed.clone();
            let on_event = Closure::new(move |event: MessageEvent| {
                if let Some(data) = event.data().as_string() {
                    feed(StreamUpdate::Event(event.last_event_id(), name, data));
                }
            });
            let listener = on_event.as_ref().unchecked_ref();
            let _ = source.add_event_listener_with_callback(name, listener);
            EventListener { name, on_event }
        };
        let listeners = names.iter().map(listen).collect();
        let on_open = Closure::new({
            let feed = feed.clone();
            move || feed(StreamUpdate::Opened)
        });
        let on_error = Closure::new({
            let source = source.clone();
            move || {
                // Where the response is no event stream, a browser closes the source.
                let refused = source.ready_state() == EventSource::CLOSED;
                feed(StreamUpdate::Failed { refused });
            }
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, listeners, _on_open: on_open, _on_error: on_error })
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        for EventListener { name, on_event } in &self.listeners {
            let listener = on_event.as_ref().unchecked_ref();
            let _ = self.source.remove_event_listener_with_callback(name, listener);
        }
    }
}
