use llm::Finish;
use partial_json::{Atom, ErrorKind, Options, Parser, Surroundings};
use protocol::{
    Document, Event, Failure, FieldCompleted, FieldDelta, FieldSet, FieldStarted, Kind, Reasoning,
    Shape,
};
use serde_json::Value;

use crate::failure;

/// How much of what a model wrote is kept to be shown when it is not the document.
const OUTPUT_BYTES: usize = 64 * 1024;

/// Longest text of one event: what arrived in one go is merged up to here.
const DELTA_BYTES: usize = 16 * 1024;

/// How many characters may follow one checkpoint before the next.
const CHECKPOINT_CHARS: u64 = 2_000;

/// Turns what a model writes into events, and judges it at the end.
pub(crate) struct Composer {
    shape: Shape,
    parser: Parser,
    sheet: Sheet,
    output: String,
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

    /// Takes the next piece of what the model thinks.
    pub(crate) fn reasoning(&mut self, text: &str) {
        self.sheet.think(text);
    }

    /// Whether the document is whole, whatever else the model may write.
    pub(crate) fn is_whole(&self) -> bool {
        self.parser.is_complete()
    }

    /// The events since the last call.
    pub(crate) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.sheet.events)
    }

    /// Judges the answer once the model has stopped for the reason `finish`.
    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
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
        let document = &self.sheet.document;
        let misfit = self.shape.fields.iter().find(|field| document.text(field.name).is_none());
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

/// The document as it is written, and the events that tell of it.
#[derive(Default)]
struct Sheet {
    document: Document,
    events: Vec<Event>,
    /// Length of the document at the last checkpoint.
    checked_chars: u64,
    /// A field that was written before: the first one stands, as it was said to be final.
    repeated: Option<String>,
}

impl Sheet {
    fn write(&mut self, event: partial_json::Event<'_>) {
        if let Some(event) = self.translate(event) {
            // The parser opens every field before it writes into it.
            if self.document.fold(&event).is_ok() {
                self.push(event);
                self.check();
            }
        }
    }

    /// Adds a checkpoint where one is due.
    fn check(&mut self) {
        if self.document.chars() >= self.checked_chars + CHECKPOINT_CHARS {
            self.checked_chars = self.document.chars();
            self.events.push(Event::Checkpoint(self.document.checkpoint()));
        }
    }

    fn translate(&mut self, event: partial_json::Event<'_>) -> Option<Event> {
        use partial_json::Event as Parsed;
        if let Parsed::Reasoning { text } = event {
            return Some(Event::Reasoning(Reasoning { text: text.to_owned() }));
        }
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

    fn is_repeated(&mut self, event: &partial_json::Event<'_>) -> bool {
        use partial_json::Event as Parsed;
        if let Some(repeated) = &self.repeated {
            if matches!(event, Parsed::Completed { path } if path == repeated) {
                self.repeated = None;
            }
            return true;
        }
        match event {
            Parsed::Started { path, .. } if !path.is_empty() => {
                let again = self.document.root().pointer(path).is_some();
                self.repeated = again.then(|| (*path).to_owned());
                again
            }
            Parsed::Value { path, .. } => self.document.root().pointer(path).is_some(),
            _ => false,
        }
    }

    fn think(&mut self, text: &str) {
        self.push(Event::Reasoning(Reasoning { text: text.to_owned() }));
    }

    /// Adds an event, or appends it to the last one where both are text of the same place.
    fn push(&mut self, event: Event) {
        match (self.events.last_mut(), &event) {
            (Some(Event::FieldDelta(last)), Event::FieldDelta(next))
                if last.path == next.path && last.text.len() + next.text.len() <= DELTA_BYTES =>
            {
                last.text.push_str(&next.text);
            }
            (Some(Event::Reasoning(last)), Event::Reasoning(next))
                if last.text.len() + next.text.len() <= DELTA_BYTES =>
            {
                last.text.push_str(&next.text);
            }
            _ => self.events.push(event),
        }
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
