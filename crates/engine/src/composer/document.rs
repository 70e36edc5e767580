use llm::Finish;
use partial_json::{ErrorKind, Options, Parser, Surroundings};
use protocol::{Failure, Shape};

use crate::{event_buffer::EventBuffer, failure};

/// How much of what a model wrote is kept to be shown when it is not the document.
const OUTPUT_BYTES: usize = 64 * 1024;

/// Composes a document out of JSON that is parsed as it comes.
pub(crate) struct DocumentComposer {
    shape: Shape,
    parser: Parser,
    pub(crate) buffer: EventBuffer,
    output: String,
    parse_error: Option<partial_json::Error>,
}

impl DocumentComposer {
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
        self.parse_error.is_none() && self.buffer.defect.is_none()
    }

    /// Whether the document is whole, whatever else the model may write.
    pub(crate) fn is_whole(&self) -> bool {
        self.parser.is_complete()
    }

    /// Judges the answer once the model has stopped for the reason `finish`.
    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        if let Some(defect) = self.buffer.defect {
            return Err(self.invalid(&defect.to_string()));
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
