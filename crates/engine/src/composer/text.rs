use llm::Finish;
use partial_json::{Event, Kind, Part, Reply};
use protocol::{Failure, Shape};

use super::repetition::RepetitionWatch;
use crate::{event_buffer::EventBuffer, failure};

/// Composes plain text: the one field of its shape.
pub(crate) struct TextComposer {
    path: String,
    reply: Reply,
    repetition: RepetitionWatch,
    pub(crate) buffer: EventBuffer,
    is_blank: bool,
    is_endless: bool,
}

impl TextComposer {
    pub(crate) fn new(shape: &Shape) -> Self {
        Self {
            path: shape.text_path(),
            reply: Reply::default(),
            repetition: RepetitionWatch::default(),
            buffer: EventBuffer::new(shape.clone()),
            is_blank: true,
            is_endless: false,
        }
    }

    /// Takes the next piece; says whether the answer can still become good. White space and thoughts
    /// before the first word are no part of it.
    pub(crate) fn text(&mut self, piece: &str) -> bool {
        self.is_endless |= self.repetition.is_endless(piece);
        let Self { path, reply, buffer, is_blank, .. } = self;
        reply.feed(piece, &mut |part| write(part, path, is_blank, buffer));
        self.is_sound()
    }

    /// Whether what was written so far can become an answer.
    pub(crate) fn is_sound(&self) -> bool {
        !self.is_endless && self.buffer.defect.is_none()
    }

    pub(crate) fn judge(&mut self, finish: Option<&Finish>) -> Result<(), Failure> {
        let Self { path, reply, buffer, is_blank, .. } = self;
        reply.finish(&mut |part| write(part, path, is_blank, buffer));
        if let Some(defect) = &self.buffer.defect {
            return Err(failure::invalid(&defect.to_string(), String::new()));
        }
        if self.is_endless {
            return Err(failure::repeating());
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

fn write(part: Part<'_>, path: &str, is_blank: &mut bool, buffer: &mut EventBuffer) {
    match part {
        Part::Reasoning(text) => buffer.write_reasoning(text),
        Part::Text(text) => {
            if std::mem::take(is_blank) {
                buffer.write(Event::Started { path, kind: Kind::Text });
            }
            buffer.write(Event::Text { path, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{FailureCode, Snapshot};

    use super::*;

    fn written(pieces: &[&str], finish: &Finish) -> (Snapshot, Result<(), Failure>) {
        let mut composer = TextComposer::new(&Shape::REPLY);
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
        assert_eq!((whole.0.text("content"), whole.1), (text.trim_start(), Ok(())));
        assert!(whole.0.is_completed("/content"));
        for cut in (1..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (cut, verdict) = written(&[&text[..cut], &text[cut..]], &Finish::Stop);
            assert_eq!((cut.document, verdict), (whole.0.document.clone(), Ok(())));
        }
    }

    #[test]
    fn thoughts_are_no_part_of_it() {
        let text = "<think>Hm {\"not\": 1}</think>\n\nYes: <think> is a mark.";
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (snapshot, verdict) = written(&[&text[..cut], &text[cut..]], &Finish::Stop);
            assert_eq!((snapshot.text("content"), verdict), ("Yes: <think> is a mark.", Ok(())));
            assert_eq!(snapshot.reasoning, "Hm {\"not\": 1}");
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
            assert_eq!(snapshot.text("content"), pieces.concat().trim());
            assert!(!snapshot.is_completed("/content"));
        }
    }
}
