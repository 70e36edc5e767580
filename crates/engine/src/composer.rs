use std::collections::{HashMap, hash_map::Entry};

use llm::Finish;
use partial_json::{Atom, ErrorKind, Options, Parser, Surroundings};
use protocol::{
    Event, Failure, FieldCompleted, FieldDelta, FieldSet, FieldStarted, Kind, Reasoning, Shape,
    escape,
};
use serde_json::Value;

use crate::{
    failure,
    join::{join, pieces},
};

/// How much of what a model wrote is kept to be shown when it is not the document.
const OUTPUT_BYTES: usize = 64 * 1024;

/// How much a model may think.
const THOUGHT_BYTES: usize = 16 * 1024 * 1024;

/// Turns what a model writes into events, and judges it at the end.
pub(crate) struct Composer {
    shape: Shape,
    parser: Parser,
    sheet: Sheet,
    output: String,
    /// How much it has thought, in bytes.
    thought: usize,
    fault: Option<partial_json::Error>,
}

impl Composer {
    pub(crate) fn new(shape: Shape) -> Self {
        let options = Options { surroundings: Surroundings::Tolerant, ..Options::default() };
        Self {
            shape,
            parser: Parser::new(options),
            sheet: Sheet::default(),
            output: String::new(),
            thought: 0,
            fault: None,
        }
    }

    /// Takes the next piece of the answer; says whether it can still become the document.
    pub(crate) fn text(&mut self, piece: &str) -> bool {
        self.keep(piece);
        let sheet = &mut self.sheet;
        if let Err(error) = self.parser.feed(piece, &mut |event| sheet.write(event)) {
            self.fault.get_or_insert(error);
        }
        self.fault.is_none()
    }

    /// Takes the next piece of what the model thinks; says whether it may go on.
    pub(crate) fn reasoning(&mut self, text: &str) -> bool {
        self.thought += text.len();
        if self.thinks_too_much() {
            return false;
        }
        self.sheet.think(text);
        true
    }

    fn thinks_too_much(&self) -> bool {
        self.thought > THOUGHT_BYTES
    }

    /// Whether the document is whole, whatever else the model may write.
    pub(crate) fn is_whole(&self) -> bool {
        self.parser.is_complete()
    }

    /// What has been composed and not taken out yet.
    pub(crate) fn events(&mut self) -> &mut Vec<Event> {
        &mut self.sheet.events
    }

    /// What has been composed stays as it is: the next text is an event of its own.
    pub(crate) fn close(&mut self) {
        self.sheet.closed = self.sheet.events.len();
    }

    /// Whether there is text that was composed since the last [`close`](Self::close).
    pub(crate) fn has_new_text(&self) -> bool {
        let new = self.sheet.events.get(self.sheet.closed..).unwrap_or_default();
        new.iter().any(|event| matches!(event, Event::FieldDelta(_)))
    }

    /// Judges the answer once the model has stopped for the reason `finish`.
    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        if self.thinks_too_much() {
            return Err(self.invalid("it thought without coming to an end"));
        }
        let sheet = &mut self.sheet;
        let end = match self.fault {
            Some(fault) => Err(fault),
            None => self.parser.finish(&mut |event| sheet.write(event)),
        };
        match end {
            Ok(()) => self.fits(),
            Err(_) if finish == Some(&Finish::Filtered) => Err(failure::filtered()),
            Err(error) => Err(match error.kind {
                ErrorKind::UnexpectedEnd => failure::truncated(),
                ErrorKind::NoDocument if finish == Some(&Finish::Length) => failure::truncated(),
                ErrorKind::NoDocument => self.invalid("there is no JSON object in its answer"),
                _ => self.invalid(&format!("{error}")),
            }),
        }
    }

    fn fits(&mut self) -> Result<(), Failure> {
        let fields = &self.sheet.fields;
        let is_text = |name| fields.get(&format!("/{}", escape(name))) == Some(&Some(Kind::Text));
        let misfit = self.shape.fields.iter().find(|field| !is_text(field.name));
        match misfit {
            None => Ok(()),
            Some(field) => {
                Err(self.invalid(&format!("the text field `{}` is missing", field.name)))
            }
        }
    }

    fn invalid(&mut self, what: &str) -> Failure {
        failure::invalid(what, std::mem::take(&mut self.output))
    }

    fn keep(&mut self, piece: &str) {
        let room = OUTPUT_BYTES.saturating_sub(self.output.len());
        self.output.push_str(&piece[..piece.floor_char_boundary(room)]);
    }
}

/// The events that tell of the document.
#[derive(Default)]
struct Sheet {
    events: Vec<Event>,
    /// How many of them nothing is appended to.
    closed: usize,
    /// The fields so far; none, a whole value.
    fields: HashMap<String, Option<Kind>>,
    /// A field that was written before: the first one stands, as it was said to be final.
    repeated: Option<String>,
}

impl Sheet {
    fn write(&mut self, event: partial_json::Event<'_>) {
        use partial_json::Event as Parsed;
        match event {
            Parsed::Text { path, text } => {
                pieces(text).for_each(|text| self.write_one(Parsed::Text { path, text }));
            }
            Parsed::Reasoning { text } => self.think(text),
            event => self.write_one(event),
        }
    }

    fn write_one(&mut self, event: partial_json::Event<'_>) {
        if let Some(event) = self.translate(event) {
            self.push(event);
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
                Event::FieldSet(FieldSet { path: path.to_owned(), value: value_of(value) })
            }
            Parsed::Completed { path } => {
                Event::FieldCompleted(FieldCompleted { path: path.to_owned() })
            }
            Parsed::Reasoning { .. } => return None,
        })
    }

    /// Whether it tells of a field that was opened before; else it opens its field.
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

    /// Opens a field, unless it was opened before.
    fn open(&mut self, path: &str, kind: Option<Kind>) -> bool {
        match self.fields.entry(path.to_owned()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(kind);
                true
            }
        }
    }

    fn think(&mut self, text: &str) {
        for text in pieces(text) {
            self.push(Event::Reasoning(Reasoning { text: text.to_owned() }));
        }
    }

    fn push(&mut self, event: Event) {
        let open = self.events.get_mut(self.closed..).and_then(<[Event]>::last_mut);
        let rest = match open {
            Some(last) => join(last, event),
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

fn value_of(atom: Atom<'_>) -> Value {
    match atom {
        Atom::Null => Value::Null,
        Atom::Bool(value) => Value::Bool(value),
        // A number that no 64 bits can hold keeps its digits as text.
        Atom::Number(digits) => {
            serde_json::from_str(digits).unwrap_or_else(|_| Value::String(digits.to_owned()))
        }
    }
}
