use llm::Finish;
use partial_json::{ErrorKind, Event, Framing, Grammar, Options, Parser};
use protocol::{Failure, Shape};

use super::repetition::RepetitionWatch;
use crate::{event_buffer::EventBuffer, failure};

/// How much of what a model wrote is kept to be shown when it is not the document.
const OUTPUT_BYTES: usize = 64 * 1024;

/// A model that writes so much before its document may be thinking: what looks like the document
/// may be a draft.
const LONG_PROSE_BYTES: usize = 240;

/// How much a model may write behind its document, in bytes of words.
const MAX_BEHIND_BYTES: u64 = 16 * 1024;

/// How long what stands before a document may be that is held back, and thoughts that are the
/// document themselves.
const MAX_KEPT_BYTES: usize = 1024 * 1024;

/// Composes a document out of JSON that is parsed as it comes.
pub(crate) struct DocumentComposer {
    parser: Parser,
    pub(crate) buffer: EventBuffer,
    output: String,
    /// Bytes of the answer before the document that are no thoughts.
    prose_bytes: usize,
    /// What was written so far, until the document begins: what is held back begins with it.
    before: Option<String>,
    /// The text of a document that is not shown yet, since it may prove to be a draft.
    held: Option<String>,
    /// Thoughts, as long as they may be the document: some servers call all thoughts that a
    /// thinking model writes by a schema.
    thought: Option<String>,
    repetition: RepetitionWatch,
    parse_error: Option<partial_json::Error>,
    flaw: Option<Flaw>,
}

/// What is wrong with an answer whose JSON is not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    /// What was shown was a draft.
    Draft,
    /// It goes on behind the document.
    WritesOn,
    /// It says the same again and again.
    Repeats,
}

fn parser() -> Parser {
    Parser::new(Options {
        // Every event bears its field's path.
        max_depth: 16,
        max_key_bytes: 256,
        framing: Framing::Tolerant,
        grammar: Grammar::Lenient,
        ..Options::default()
    })
}

impl DocumentComposer {
    pub(crate) fn new(shape: &Shape) -> Self {
        Self {
            parser: parser(),
            buffer: EventBuffer::new(shape.clone()),
            output: String::new(),
            prose_bytes: 0,
            before: Some(String::new()),
            held: None,
            thought: Some(String::new()),
            repetition: RepetitionWatch::default(),
            parse_error: None,
            flaw: None,
        }
    }

    /// Takes the next piece of the answer; says whether it can still become the document.
    pub(crate) fn text(&mut self, piece: &str) -> bool {
        self.keep(piece);
        if !piece.trim_start().is_empty() {
            self.thought = None;
        }
        if self.repetition.is_endless(piece) {
            self.flaw.get_or_insert(Flaw::Repeats);
        }
        let document = self.seek(piece);
        self.parse(&piece[document..]);
        if self.parser.word_bytes_behind() > MAX_BEHIND_BYTES {
            self.flaw.get_or_insert(Flaw::WritesOn);
        }
        self.is_sound()
    }

    /// Whether what was written so far can become the document.
    pub(crate) fn is_sound(&self) -> bool {
        self.parse_error.is_none() && self.flaw.is_none() && self.buffer.defect.is_none()
    }

    /// Takes the next piece of what the model thinks; says whether it may go on.
    pub(crate) fn reasoning(&mut self, text: &str) -> bool {
        self.buffer.write_reasoning(text);
        if let Some(thought) = &mut self.thought {
            let text = if thought.is_empty() { text.trim_start() } else { text };
            thought.push_str(text);
            let may_be = thought.is_empty() || thought.starts_with(['{', '`']);
            if !may_be || thought.len() > MAX_KEPT_BYTES {
                self.thought = None;
            }
        }
        self.buffer.defect.is_none()
    }

    /// Whether the document is whole, whatever else the model may write. Words behind it make that
    /// uncertain: they may be thoughts that it stands in.
    pub(crate) fn is_whole(&self) -> bool {
        self.parser.is_complete() && self.held.is_none() && self.parser.word_bytes_behind() == 0
    }

    /// Shows what was held back, as nothing more will come.
    pub(crate) fn release(&mut self) {
        let Some(held) = self.held.take() else { return };
        self.parser = parser();
        let buffer = &mut self.buffer;
        // An error is known already.
        let _ = self.parser.feed(&held, &mut |event| match event {
            Event::Reasoning { .. } => {}
            event => buffer.write(event),
        });
    }

    /// Takes the thoughts for the document when they are one and nothing else was written.
    fn take_thought(&mut self) {
        let Some(thought) = self.thought.take() else { return };
        let mut probe = parser();
        let is_document = probe.feed(&thought, &mut |_| {}).is_ok()
            && probe.finish(&mut |_| {}).is_ok()
            && probe.word_bytes_behind() == 0;
        if is_document {
            self.parse(&thought);
        }
    }

    /// Judges the answer once the model has stopped for the reason `finish`.
    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        self.release();
        self.take_thought();
        if let Some(defect) = &self.buffer.defect {
            let defect = defect.to_string();
            return Err(self.invalid(&defect));
        }
        if let Some(flaw) = self.flaw {
            return Err(self.flawed(flaw));
        }
        let is_cut = finish == Some(&Finish::Length);
        let buffer = &mut self.buffer;
        let end = match self.parse_error {
            Some(error) => Err(error),
            None => self.parser.finish(&mut |event| buffer.write(event)),
        };
        match end {
            // What is cut off may be thoughts, and the document a draft within them.
            Ok(()) if is_cut && self.parser.word_bytes_behind() > 0 => Err(failure::truncated()),
            Ok(()) => self.fits(),
            Err(_) if finish == Some(&Finish::Filtered) => Err(failure::filtered()),
            Err(error) => Err(match error.kind {
                ErrorKind::UnexpectedEnd => failure::truncated(),
                ErrorKind::NoDocument if is_cut => failure::truncated(),
                ErrorKind::NoDocument => self.invalid("there is no JSON object in its answer"),
                _ => self.invalid(&format!("{error}")),
            }),
        }
    }

    /// Reads up to where the document begins, if that is within this piece; gives that place.
    /// Character by character, so that what comes before it is measured however it is cut.
    fn seek(&mut self, piece: &str) -> usize {
        let mut at = 0;
        while !self.parser.has_begun()
            && let Some(char) = piece[at..].chars().next()
        {
            let end = at + char.len_utf8();
            self.parse(&piece[at..end]);
            self.prose_bytes += char.len_utf8();
            at = end;
            if self.parse_error.is_some() || self.flaw.is_some() {
                break;
            }
        }
        at
    }

    fn parse(&mut self, text: &str) {
        let Self { parser, buffer, before, held, flaw, prose_bytes, .. } = self;
        if let Some(kept) = held.as_mut().or(before.as_mut()) {
            kept.push_str(text);
        }
        let result = parser.feed(text, &mut |event| match event {
            Event::Discarded if held.take().is_none() => {
                flaw.get_or_insert(Flaw::Draft);
            }
            Event::Discarded => {}
            Event::Reasoning { text } => {
                *prose_bytes = prose_bytes.saturating_sub(text.len());
                buffer.write_reasoning(text);
            }
            event => {
                if let Some(before) = before.take()
                    && *prose_bytes >= LONG_PROSE_BYTES
                    && before.len() <= MAX_KEPT_BYTES
                {
                    *held = Some(before);
                }
                if held.is_none() {
                    buffer.write(event);
                }
            }
        });
        if let Err(error) = result {
            self.parse_error.get_or_insert(error);
        }
    }

    fn fits(&mut self) -> Result<(), Failure> {
        match self.buffer.fields.misfit() {
            None => Ok(()),
            Some(misfit) => Err(self.invalid(&misfit)),
        }
    }

    fn flawed(&mut self, flaw: Flaw) -> Failure {
        match flaw {
            Flaw::Draft => self.invalid("what is shown was a draft, and its thoughts went on"),
            Flaw::WritesOn => self.invalid("it went on writing behind the document"),
            Flaw::Repeats => failure::repeating(),
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
