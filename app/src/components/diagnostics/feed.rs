use serde::Deserialize;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::diagnostics::Plan;

/// A change of the numbered stream.
pub(super) enum FeedUpdate {
    Arrived(NumberedEvent),
    /// The server has said that the stream is complete.
    Done,
    /// The connection has ended, or was never made.
    Lost,
}

/// One numbered event, as the server sends it.
#[derive(Deserialize)]
pub(super) struct NumberedEvent {
    pub(super) id: u64,
    pub(super) message: String,
    /// Seconds by the server's clock.
    pub(super) timestamp: f64,
}

/// An open `EventSource` of the numbered stream. Dropping it closes the connection.
pub(super) struct Feed {
    source: EventSource,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    on_done: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Feed {
    /// Connects to the stream and asks for the events after number `after`.
    pub(super) fn open(
        plan: &Plan,
        after: u64,
        report: impl Fn(FeedUpdate) + Clone + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(&address(plan, after)).ok()?;
        let on_message = Closure::new({
            let report = report.clone();
            move |event: MessageEvent| {
                let data = event.data().as_string().unwrap_or_default();
                if let Ok(event) = serde_json::from_str(&data) {
                    report(FeedUpdate::Arrived(event));
                }
            }
        });
        let on_done = Closure::new({
            let report = report.clone();
            move || report(FeedUpdate::Done)
        });
        let on_error = Closure::new(move || report(FeedUpdate::Lost));
        let listener = on_done.as_ref().unchecked_ref();
        source.add_event_listener_with_callback("done", listener).ok()?;
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, _on_message: on_message, on_done, _on_error: on_error })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.source.close();
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        let listener = self.on_done.as_ref().unchecked_ref();
        let _ = self.source.remove_event_listener_with_callback("done", listener);
    }
}

fn address(plan: &Plan, after: u64) -> String {
    let Plan { count, delay_ms, text } = plan;
    let text = String::from(js_sys::encode_uri_component(text));
    format!("/stream?count={count}&delay={}&message={text}&after={after}", delay_ms / 1_000.0)
}
