//! Parses the event stream format exactly as the standard says.
//!
//! Source: WHATWG HTML, "Server-sent events", 9.2.5 (parsing) and 9.2.6 (interpretation):
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

mod parser;
#[cfg(test)]
mod tests;

pub use parser::Parser;

/// What a stream consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A dispatched event.
    Message(Message),
    /// A comment line, without its colon.
    Comment(String),
}

/// A dispatched event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The last event id: the event's own or, when it has none, that of an earlier event.
    pub id: String,
    /// The event's type. It is `message` when the stream names none.
    pub event: String,
    /// The data.
    pub data: String,
    /// The reconnection time in milliseconds, when this event's block has a `retry` field.
    pub retry: Option<u64>,
}

impl Message {
    /// The id as a number, or 0 when it is not a number.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.id.parse().unwrap_or_default()
    }

    /// The data as JSON.
    ///
    /// # Panics
    /// When the data is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_str(&self.data) {
            Ok(value) => value,
            Err(error) => panic!("data that is no JSON ({error}): {:?}", self.data),
        }
    }
}
