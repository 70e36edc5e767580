//! Turns what a model writes into events, and judges it at the end: a document, or plain text.

mod document;
mod repetition;
mod text;

use document::DocumentComposer;
use llm::Finish;
use protocol::{Failure, Form, Shape};
use text::TextComposer;

use crate::{event_buffer::EventBuffer, shown::Shown};

/// Composes one answer.
pub(crate) enum Composer {
    /// JSON that is parsed as it comes.
    Document(Box<DocumentComposer>),
    Text(Box<TextComposer>),
}

impl Composer {
    pub(crate) fn new(shape: &Shape) -> Self {
        match shape.form {
            Form::Object => Self::Document(Box::new(DocumentComposer::new(shape))),
            Form::Text => Self::Text(Box::new(TextComposer::new(shape))),
        }
    }

    /// Composes an answer of which viewers have seen something. It is given all of the answer once
    /// more, and tells what is new.
    pub(crate) fn continuing(shape: &Shape, shown: Shown) -> Self {
        let mut composer = Self::new(shape);
        composer.buffer().leave_out(shown);
        composer
    }

    /// Whether what was written so far can become what was asked for.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Document(composer) => composer.is_sound(),
            Self::Text(composer) => composer.is_sound(),
        }
    }

    /// Takes the next piece of the answer; says whether the answer can still become good.
    pub(crate) fn text(&mut self, piece: &str) -> bool {
        match self {
            Self::Document(composer) => composer.text(piece),
            Self::Text(composer) => composer.text(piece),
        }
    }

    /// Takes the next piece of what the model thinks; says whether it may go on.
    pub(crate) fn reasoning(&mut self, text: &str) -> bool {
        match self {
            Self::Document(composer) => composer.reasoning(text),
            Self::Text(composer) => {
                composer.buffer.write_reasoning(text);
                composer.buffer.defect.is_none()
            }
        }
    }

    /// Shows what was held back, as nothing more will come.
    pub(crate) fn release(&mut self) {
        if let Self::Document(composer) = self {
            composer.release();
        }
    }

    /// Whether all is there, whatever else the model may write.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Self::Document(composer) => composer.is_whole(),
            // Only the provider knows when a plain text has ended.
            Self::Text(_) => false,
        }
    }

    /// The events that are not recorded yet.
    pub(crate) fn buffer(&mut self) -> &mut EventBuffer {
        match self {
            Self::Document(composer) => &mut composer.buffer,
            Self::Text(composer) => &mut composer.buffer,
        }
    }

    /// Judges the answer once the model has stopped for the reason `finish`.
    ///
    /// # Errors
    /// Why it is not what was asked for.
    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        match self {
            Self::Document(composer) => composer.judge(finish),
            Self::Text(composer) => composer.judge(finish),
        }
    }
}

#[cfg(test)]
mod tests;
