use llm::Finish;
use partial_json::{Event, Kind};
use protocol::{Failure, Shape};

use crate::{event_buffer::EventBuffer, failure};

/// Composes plain text: the one field of its shape.
pub(crate) struct TextComposer {
    path: String,
    pub(crate) buffer: EventBuffer,
    is_blank: bool,
}

impl TextComposer {
    pub(crate) fn new(shape: Shape) -> Self {
        let path = shape.fields.first().map(protocol::Field::path).unwrap_or_default();
        Self { path, buffer: EventBuffer::default(), is_blank: true }
    }

    /// Takes the next piece. What a model writes before its first letter is left out.
    pub(crate) fn text(&mut self, piece: &str) -> bool {
        let text = if self.is_blank { piece.trim_start() } else { piece };
        if text.is_empty() {
            return true;
        }
        let path = &self.path;
        if self.is_blank {
            self.is_blank = false;
            self.buffer.write(Event::Started { path, kind: Kind::Text });
        }
        self.buffer.write(Event::Text { path, text });
        true
    }

    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        if let Some(defect) = self.buffer.defect {
            return Err(failure::invalid(&defect.to_string(), String::new()));
        }
        if finish == Some(&Finish::Filtered) {
            return Err(failure::filtered());
        }
        if self.is_blank {
            return Err(failure::invalid("its answer is empty", String::new()));
        }
        if finish == Some(&Finish::Length) {
            return Err(failure::truncated());
        }
        self.buffer.write(Event::Completed { path: &self.path });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use protocol::{FailureCode, Field, Form, MaxChars, Snapshot};

    use super::*;

    const ANSWER: Shape = Shape {
        name: "answer",
        form: Form::Text,
        fields: &[Field {
            name: "answer",
            label: None,
            description: "",
            max_chars: MaxChars { short: None, medium: None, long: None },
        }],
    };

    fn written(pieces: &[&str], finish: &Finish) -> (Snapshot, Result<(), Failure>) {
        let mut composer = TextComposer::new(ANSWER);
        assert!(pieces.iter().all(|piece| composer.text(piece)));
        let verdict = composer.judge(Some(finish));
        let mut snapshot = Snapshot::default();
        for (id, event) in (1..).zip(&composer.buffer.events) {
            snapshot.apply(id, event).unwrap();
        }
        (snapshot, verdict)
    }

    #[test]
    fn a_text_is_the_same_however_it_comes() {
        let text = "\n Yes: {\"not\": \"JSON\"}, 新\n";
        let whole = written(&[text], &Finish::Stop);
        assert_eq!((whole.0.text("answer"), whole.1), (text.trim_start(), Ok(())));
        assert!(whole.0.is_completed("/answer"));
        for cut in (1..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (cut, verdict) = written(&[&text[..cut], &text[cut..]], &Finish::Stop);
            assert_eq!((cut.document, verdict), (whole.0.document.clone(), Ok(())));
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for (pieces, finish, code) in [
            (&["half"][..], Finish::Length, FailureCode::TruncatedOutput),
            (&["half"], Finish::Filtered, FailureCode::ProviderRejected),
            (&[" ", "\n"], Finish::Stop, FailureCode::InvalidOutput),
            (&[], Finish::Stop, FailureCode::InvalidOutput),
        ] {
            let (snapshot, verdict) = written(pieces, &finish);
            assert_eq!(verdict.unwrap_err().code, code);
            assert_eq!(snapshot.text("answer"), pieces.concat().trim());
            assert!(!snapshot.is_completed("/answer"));
        }
    }
}
