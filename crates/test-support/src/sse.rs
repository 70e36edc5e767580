//! The event stream format, read as the standard says, to the letter.
//!
//! Source: WHATWG HTML, "Server-sent events", 9.2.5 (parsing) and 9.2.6 (interpretation):
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

mod parser;
#[cfg(test)]
mod tests;

pub use parser::Parser;

/// What a stream brings.
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
    /// The last event id at that moment: the event's own, or that of one before it.
    pub id: String,
    /// The event's type, `message` when it has none.
    pub event: String,
    /// The data.
    pub data: String,
    /// The reconnection time in milliseconds that came with this very event.
    pub retry: Option<u64>,
}

impl Message {
    /// The id as a number; 0 when it is none.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.id.parse().unwrap_or_default()
    }

    /// The data as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_str(&self.data) {
            Ok(value) => value,
            Err(error) => panic!("data that is no JSON ({error}): {:?}", self.data),
        }
    }
}
