use llm::{Delta, Finish};
use protocol::{Shape, Usage};
use tokio::time::Instant;

use crate::composer::Composer;

/// What has arrived of a provider's answer.
pub(crate) struct AnswerState {
    pub(crate) composer: Composer,
    pub(crate) began: Instant,
    pub(crate) first_text: Option<Instant>,
    pub(crate) finish: Option<Finish>,
    pub(crate) usage: Option<Usage>,
    /// How many characters of the input the provider read, where it says so.
    pub(crate) read_chars: Option<u64>,
}

impl AnswerState {
    /// An answer that begins now.
    pub(crate) fn new(shape: &Shape) -> Self {
        Self {
            composer: Composer::new(shape),
            began: Instant::now(),
            first_text: None,
            finish: None,
            usage: None,
            read_chars: None,
        }
    }

    /// Notes the time when the first text is there.
    pub(crate) fn note_first_text(&mut self) {
        if self.first_text.is_none() && self.composer.buffer().has_new_text() {
            self.first_text = Some(Instant::now());
        }
    }

    /// Applies one delta; says whether the answer is worth reading on.
    pub(crate) fn apply(&mut self, delta: Delta) -> bool {
        match delta {
            Delta::Text(text) => return self.composer.text(&text),
            Delta::Reasoning(text) => return self.composer.reasoning(&text),
            Delta::Usage(tokens) => {
                self.usage =
                    Some(Usage { input_tokens: tokens.input, output_tokens: tokens.output });
            }
            Delta::Read(chars) => self.read_chars = Some(chars),
            Delta::Finish(finish) => self.finish = Some(finish),
        }
        true
    }
}
