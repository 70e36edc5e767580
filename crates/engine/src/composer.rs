use llm::Finish;
use partial_json::{ErrorKind, Options, Parser, Surroundings};
use protocol::{Event, Failure, Shape};

use crate::{event_buffer::EventBuffer, failure};

/// How much of what a model wrote is kept to be shown when it is not the document.
const OUTPUT_BYTES: usize = 64 * 1024;

/// How much a model may think.
const THOUGHT_BYTES: usize = 16 * 1024 * 1024;

/// Turns what a model writes into events, and judges it at the end.
pub(crate) struct Composer {
    shape: Shape,
    parser: Parser,
    buffer: EventBuffer,
    output: String,
    /// How much it has thought, in bytes.
    thought: usize,
    parse_error: Option<partial_json::Error>,
}

impl Composer {
    pub(crate) fn new(shape: Shape) -> Self {
        let options = Options {
            // Every event bears its field's path.
            max_depth: 16,
            max_key_bytes: 256,
            surroundings: Surroundings::Tolerant,
            ..Options::default()
        };
        Self {
            shape,
            parser: Parser::new(options),
            buffer: EventBuffer::default(),
            output: String::new(),
            thought: 0,
            parse_error: None,
        }
    }

    /// Takes the next piece of the answer; says whether it can still become the document.
    pub(crate) fn text(&mut self, piece: &str) -> bool {
        self.keep(piece);
        let buffer = &mut self.buffer;
        if let Err(error) = self.parser.feed(piece, &mut |event| buffer.write(event)) {
            self.parse_error.get_or_insert(error);
        }
        self.parse_error.is_none() && self.buffer.unrepresentable.is_none()
    }

    /// Takes the next piece of what the model thinks; says whether it may go on.
    pub(crate) fn reasoning(&mut self, text: &str) -> bool {
        self.thought += text.len();
        if self.thinks_too_much() {
            return false;
        }
        self.buffer.write_reasoning(text);
        true
    }

    fn thinks_too_much(&self) -> bool {
        self.thought > THOUGHT_BYTES
    }

    /// Whether the document is whole, whatever else the model may write.
    pub(crate) fn is_whole(&self) -> bool {
        self.parser.is_complete()
    }

    /// The events that are not recorded yet.
    pub(crate) fn events(&mut self) -> &mut Vec<Event> {
        &mut self.buffer.events
    }

    /// Appends nothing more to the events so far: the next text is an event of its own.
    pub(crate) fn close(&mut self) {
        self.buffer.close();
    }

    /// Whether there is text that was composed since the last [`close`](Self::close).
    pub(crate) fn has_new_text(&self) -> bool {
        self.buffer.has_new_text()
    }

    /// Judges the answer once the model has stopped for the reason `finish`.
    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        if self.thinks_too_much() {
            return Err(self.invalid("it thought without coming to an end"));
        }
        if let Some(reason) = self.buffer.unrepresentable {
            return Err(self.invalid(&reason.to_string()));
        }
        let buffer = &mut self.buffer;
        let end = match self.parse_error {
            Some(error) => Err(error),
            None => self.parser.finish(&mut |event| buffer.write(event)),
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
        let misfit = self.shape.fields.iter().find(|field| !self.buffer.has_text(field.name));
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
