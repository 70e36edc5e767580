use partial_json::Atom;
use protocol::{Event, FieldCompleted, FieldDelta, FieldSet, FieldStarted, Kind, Reasoning, Shape};
use serde_json::Value;

use crate::{
    coalesce::{coalesce, pieces},
    shown::Shown,
    written_fields::{Opened, WrittenFields},
};

/// How much is kept of a word that was to be chosen, in bytes: no choice is longer.
const MOST_CHOICE_BYTES: usize = 1024;

/// How much a model may think, in bytes.
const MOST_REASONING_BYTES: usize = 16 * 1024 * 1024;

/// Why an answer is not worth reading on.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Defect {
    #[error("it has a number that is too large")]
    NumberTooLarge,
    #[error("it has more than {} fields", WrittenFields::MOST)]
    TooManyFields,
    #[error("it thought without coming to an end")]
    TooMuchReasoning,
    #[error("it began again and wrote something else")]
    Differs,
    #[error("the field `{0}` is none of the words to choose from")]
    NoSuchChoice(String),
}

/// The events that an answer turns into, until they are recorded.
pub(crate) struct EventBuffer {
    /// Those that are not recorded yet.
    pub(crate) events: Vec<Event>,
    /// How many of them are closed: nothing is appended to them any more.
    closed: usize,
    pub(crate) fields: WrittenFields,
    /// The word that is being chosen: it is shown when it is whole.
    choice: Option<String>,
    pub(crate) defect: Option<Defect>,
    /// What viewers have seen of it, when the answer is continued.
    shown: Option<Shown>,
    reasoning_bytes: usize,
    /// A field that was written before: the first one stands, as it was said to be final.
    repeated: Option<String>,
}

impl EventBuffer {
    /// For a document of that shape.
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            events: Vec::new(),
            closed: 0,
            fields: WrittenFields::of(shape),
            choice: None,
            defect: None,
            shown: None,
            reasoning_bytes: 0,
            repeated: None,
        }
    }

    /// Viewers have seen something of it: that is left out when it comes once more.
    pub(crate) fn leave_out(&mut self, shown: Shown) {
        self.shown = Some(shown);
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

    fn write_one(&mut self, event: partial_json::Event<'_>) {
        use partial_json::Event as Parsed;
        match event {
            Parsed::Value { path, value: Atom::Null } if self.fields.may_be_missing(path) => {
                return self.write_empty(path);
            }
            Parsed::Completed { path } => {
                self.fields.missing_texts(path).iter().for_each(|path| self.write_empty(path));
            }
            _ => {}
        }
        if let Some(event) = self.translate(event) {
            self.push_new(event);
        }
    }

    /// Adds a text that the model had nothing to say for.
    fn write_empty(&mut self, path: &str) {
        use partial_json::Event as Parsed;
        let kind = partial_json::Kind::Text;
        for event in [Parsed::Started { path, kind }, Parsed::Completed { path }] {
            let event = self.translate(event);
            event.into_iter().for_each(|event| self.push_new(event));
        }
    }

    /// Adds what viewers have not seen yet of an event.
    fn push_new(&mut self, event: Event) {
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
            Parsed::Started { path, .. } if self.fields.choices(path).is_some() => {
                self.choice = Some(String::new());
                return None;
            }
            Parsed::Text { text, .. } if let Some(choice) = &mut self.choice => {
                let room = MOST_CHOICE_BYTES.saturating_sub(choice.len());
                choice.push_str(&text[..text.floor_char_boundary(room)]);
                return None;
            }
            Parsed::Completed { path } if let Some(choice) = self.choice.take() => {
                return self.choose(path, &choice);
            }
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
                let opened = self.fields.begin(path, *kind);
                let again = !self.is_open(opened);
                self.repeated = again.then(|| (*path).to_owned());
                again
            }
            Parsed::Value { path, value } => {
                let opened = self.fields.set(path, *value);
                !self.is_open(opened)
            }
            _ => false,
        }
    }

    /// Whether a field is open now; notes that there are too many.
    fn is_open(&mut self, opened: Opened) -> bool {
        if opened == Opened::Never {
            self.defect = Some(Defect::TooManyFields);
        }
        opened == Opened::Now
    }

    /// What was chosen at `path`, as the shape spells it.
    fn choose(&mut self, path: &str, written: &str) -> Option<Event> {
        let written = written.trim().to_lowercase();
        let choices = self.fields.choices(path).unwrap_or_default();
        let Some(word) = choices.iter().find(|word| word.trim().to_lowercase() == written) else {
            let name = path.trim_start_matches('/').to_owned();
            self.defect = Some(Defect::NoSuchChoice(name));
            return None;
        };
        let value = word.clone().into();
        Some(Event::FieldSet(FieldSet { path: path.to_owned(), value }))
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
