use js_sys::{JsString, Promise};
use leptos::prelude::window;
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::adapters::{EventStream, StreamUpdate};

const ADDRESS: &str = "/api/v1/digital-humans/train/stream";
const NAMES: [&str; 4] =
    ["training_start", "training_chunk", "training_complete", "training_error"];
/// The status of a training that is refused because one runs already.
const CONFLICT: u16 = 409;

/// What happens in a training.
pub(super) enum TrainingUpdate {
    /// Nothing runs, but what comes next will be told.
    Ready,
    Started,
    /// A piece of the profile that is being written.
    Chunk(String),
    /// The persona has changed: this is its version now.
    Completed(u64),
    /// Nothing has changed, and this says why.
    Failed(String),
}

/// Follows the training of a persona that runs, or the one that comes next, until it is dropped.
pub(super) struct Training(Option<EventStream>);

#[derive(Deserialize)]
struct Completed {
    version: u64,
}

#[derive(Deserialize)]
struct Failed {
    error: String,
}

impl Training {
    pub(super) fn follow(
        persona_id: &str,
        feed: impl Fn(TrainingUpdate) + Clone + 'static,
    ) -> Self {
        let id = String::from(js_sys::encode_uri_component(persona_id));
        let address = format!("{ADDRESS}?digital_human_id={id}");
        let stream = EventStream::open(&address, &NAMES, move |update| {
            if let Some(update) = read(update) {
                feed(update);
            }
        });
        Self(stream)
    }

    /// Whether the browser has opened a connection.
    pub(super) fn is_open(&self) -> bool {
        self.0.is_some()
    }
}

fn read(update: StreamUpdate) -> Option<TrainingUpdate> {
    Some(match update {
        StreamUpdate::Opened => TrainingUpdate::Ready,
        StreamUpdate::Event(_, "training_start", _) => TrainingUpdate::Started,
        StreamUpdate::Event(_, "training_chunk", text) => TrainingUpdate::Chunk(text),
        StreamUpdate::Event(_, "training_complete", data) => {
            let Completed { version } = serde_json::from_str(&data).ok()?;
            TrainingUpdate::Completed(version)
        }
        StreamUpdate::Event(_, _, data) => {
            let Failed { error } = serde_json::from_str(&data).ok()?;
            TrainingUpdate::Failed(error)
        }
        StreamUpdate::Failed { refused: true } => TrainingUpdate::Failed(String::new()),
        // The browser opens the stream again, behind the last event.
        StreamUpdate::Failed { refused: false } => return None,
    })
}

/// Why a training was not begun.
pub(super) enum Refused {
    /// One runs already.
    Running,
    /// Anything else; the server may have said what.
    Other(String),
}

/// Begins a training. Its events come by [`Training::follow`], so the answer is not read.
pub(super) async fn begin(persona_id: &str, message: &str) -> Result<(), Refused> {
    let other = |_: JsValue| Refused::Other(String::new());
    let body = json!({"digital_human_id": persona_id, "message": message}).to_string();
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&JsString::from(body));
    let headers = Headers::new().map_err(other)?;
    headers.set("Content-Type", "application/json").map_err(other)?;
    options.set_headers(&headers);
    let answer = JsFuture::from(window().fetch_with_str_and_init(ADDRESS, &options)).await;
    let answer: Response = answer.map_err(other)?.unchecked_into();
    if answer.ok() {
        if let Some(body) = answer.body() {
            // The training goes on without this connection.
            let _: Promise = body.cancel();
        }
        return Ok(());
    }
    if answer.status() == CONFLICT {
        return Err(Refused::Running);
    }
    let text = JsFuture::from(answer.text().map_err(other)?).await.map_err(other)?;
    let problem = serde_json::from_str::<protocol::Problem>(&text.as_string().unwrap_or_default());
    Err(Refused::Other(problem.map(|problem| problem.detail).unwrap_or_default()))
}

/// Stops the training that runs, if any.
pub(super) async fn stop(persona_id: &str) {
    let id = String::from(js_sys::encode_uri_component(persona_id));
    let options = RequestInit::new();
    options.set_method("POST");
    let address = format!("/api/personas/{id}/training/stop");
    let _ = JsFuture::from(window().fetch_with_str_and_init(&address, &options)).await;
}
