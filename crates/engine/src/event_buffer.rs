use std::collections::{HashMap, hash_map::Entry};

use partial_json::Atom;
use protocol::{
    Event, FieldCompleted, FieldDelta, FieldSet, FieldStarted, Kind, Reasoning, escape,
};
use serde_json::Value;

use crate::{
    coalesce::{coalesce, pieces},
    shown::Shown,
};

/// How many fields a document may have.
const MOST_FIELDS: usize = 10_000;

/// How much a model may think, in bytes.
const MOST_REASONING_BYTES: usize = 16 * 1024 * 1024;

/// Why an answer is not worth reading on.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum Defect {
    #[error("it has a number that is too large")]
    NumberTooLarge,
    #[error("it has more than {MOST_FIELDS} fields")]
    TooManyFields,
    #[error("it thought without coming to an end")]
    TooMuchReasoning,
    #[error("it began again and wrote something else")]
    Differs,
}

/// The events that an answer turns into, until they are recorded.
#[derive(Default)]
pub(crate) struct EventBuffer {
    /// Those that are not recorded yet.
    pub(crate) events: Vec<Event>,
    /// How many of them are closed: nothing is appended to them any more.
    closed: usize,
    /// The fields so far; none, a whole value.
    fields: HashMap<String, Option<Kind>>,
    pub(crate) defect: Option<Defect>,
    /// What viewers have seen of it, when the answer is continued.
    shown: Option<Shown>,
    reasoning_bytes: usize,
    /// A field that was written before: the first one stands, as it was said to be final.
    repeated: Option<String>,
}

impl EventBuffer {
    /// For an answer of which viewers have seen something.
    pub(crate) fn continuing(shown: Shown) -> Self {
        Self { shown: Some(shown), ..Self::default() }
    }

    /// Whether the answer is not the one that viewers have seen the beginning of.
    pub(crate) fn differs(&self) -> bool {
        matches!(self.defect, Some(Defect::Differs))
    }

    /// Adds what the parser has found.
    pub(crate) fn write(&mut self, event: partial_json::Event<'_>) {
        use partial_json::Event as Parsed;
        match event {
            Parsed::Text { path, text } => {
                pieces(text).for_each(|text| self.write_one(Parsed::Text { path, text }));
            }
            Parsed::Reasoning { text } => self.write_reasoning(text),
            event => self.write_one(event),
        }
    }

    /// Appends nothing more to the events so far: the next text is an event of its own.
    pub(crate) fn close(&mut self) {
        self.closed = self.events.len();
    }

    /// Whether there is text that came since the last [`close`](Self::close).
    pub(crate) fn has_new_text(&self) -> bool {
        let new = self.events.get(self.closed..).unwrap_or_default();
        new.iter().any(|event| matches!(event, Event::FieldDelta(_)))
    }

    /// Whether there is a text of that name.
    pub(crate) fn has_text(&self, name: &str) -> bool {
        self.fields.get(&format!("/{}", escape(name))) == Some(&Some(Kind::Text))
    }

    fn write_one(&mut self, event: partial_json::Event<'_>) {
        let Some(event) = self.translate(event) else { return };
        let new = match &mut self.shown {
            Some(shown) => shown.new_of(event),
            None => Ok(Some(event)),
        };
        match new {
            Ok(Some(event)) => self.push(event),
            Ok(None) => {}
            Err(_) => self.defect = Some(Defect::Differs),
        }
    }

    fn translate(&mut self, event: partial_json::Event<'_>) -> Option<Event> {
        use partial_json::Event as Parsed;
        if self.is_repeated(&event) {
            return None;
        }
        Some(match event {
            Parsed::Started { path: "", .. } | Parsed::Completed { path: "" } => return None,
            Parsed::Started { path, kind } => {
                Event::FieldStarted(FieldStarted { path: path.to_owned(), kind: kind_of(kind) })
            }
            Parsed::Text { path, text } => {
                Event::FieldDelta(FieldDelta { path: path.to_owned(), text: text.to_owned() })
            }
            Parsed::Value { path, value } => {
                let Some(value) = value_of(value) else {
                    self.defect = Some(Defect::NumberTooLarge);
                    return None;
                };
                Event::FieldSet(FieldSet { path: path.to_owned(), value })
            }
            Parsed::Completed { path } => {
                Event::FieldCompleted(FieldCompleted { path: path.to_owned() })
            }
            Parsed::Reasoning { .. } | Parsed::Discarded => return None,
        })
    }

    /// Whether its field was opened before; else opens it.
    fn is_repeated(&mut self, event: &partial_json::Event<'_>) -> bool {
        use partial_json::Event as Parsed;
        if let Some(repeated) = &self.repeated {
            if matches!(event, Parsed::Completed { path } if path == repeated) {
                self.repeated = None;
            }
            return true;
        }
        match event {
            Parsed::Started { path: "", .. } => false,
            Parsed::Started { path, kind } => {
                let again = !self.open(path, Some(kind_of(*kind)));
                self.repeated = again.then(|| (*path).to_owned());
                again
            }
            Parsed::Value { path, .. } => !self.open(path, None),
            _ => false,
        }
    }

    /// Opens a field, unless it was opened before or there are too many.
    fn open(&mut self, path: &str, kind: Option<Kind>) -> bool {
        let is_full = self.fields.len() == MOST_FIELDS;
        match self.fields.entry(path.to_owned()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(_) if is_full => {
                self.defect = Some(Defect::TooManyFields);
                false
            }
            Entry::Vacant(entry) => {
                entry.insert(kind);
                true
            }
        }
    }

    /// Adds what the model thinks.
    pub(crate) fn write_reasoning(&mut self, text: &str) {
        self.reasoning_bytes += text.len();
        if self.reasoning_bytes > MOST_REASONING_BYTES {
            self.defect = Some(Defect::TooMuchReasoning);
            return;
        }
        for text in pieces(text) {
            self.push(Event::Reasoning(Reasoning { text: text.to_owned() }));
        }
    }

    /// Adds an event.
    pub(crate) fn push(&mut self, event: Event) {
        let open = self.events.get_mut(self.closed..).and_then(<[Event]>::last_mut);
        let rest = match open {
            Some(last) => coalesce(last, event),
            None => Some(event),
        };
        self.events.extend(rest);
    }
}

fn kind_of(kind: partial_json::Kind) -> Kind {
    match kind {
        partial_json::Kind::Text => Kind::Text,
        partial_json::Kind::Object => Kind::Object,
        partial_json::Kind::Array => Kind::Array,
    }
}

/// None for a number beyond all that a double can hold.
fn value_of(atom: Atom<'_>) -> Option<Value> {
    match atom {
        Atom::Null => Some(Value::Null),
        Atom::Bool(value) => Some(Value::Bool(value)),
        Atom::Number(digits) => serde_json::from_str(digits).ok(),
    }
}
