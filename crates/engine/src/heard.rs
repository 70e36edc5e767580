use llm::{Delta, Finish};
use protocol::{Event, Usage};
use tokio::time::Instant;

use crate::composer::Composer;

/// What has been heard of an answer.
pub(crate) struct Heard {
    /// What is not recorded yet.
    pub(crate) events: Vec<Event>,
    pub(crate) began: Instant,
    pub(crate) first_text: Option<Instant>,
    pub(crate) finish: Option<Finish>,
    pub(crate) usage: Option<Usage>,
}

impl Heard {
    /// Nothing yet.
    pub(crate) fn nothing() -> Self {
        let began = Instant::now();
        Self { events: Vec::new(), began, first_text: None, finish: None, usage: None }
    }

    /// Takes what has been composed.
    pub(crate) fn take(&mut self, composer: &mut Composer) {
        let known = self.events.len();
        composer.take(&mut self.events);
        let is_text = |event: &Event| matches!(event, Event::FieldDelta(_));
        if self.first_text.is_none() && self.events[known..].iter().any(is_text) {
            self.first_text = Some(Instant::now());
        }
    }

    /// Takes one delta; says whether the answer is worth reading on.
    pub(crate) fn hear(&mut self, delta: Delta, composer: &mut Composer) -> bool {
        match delta {
            Delta::Text(text) => return composer.text(&text),
            Delta::Reasoning(text) => composer.reasoning(&text),
            Delta::Usage(tokens) => {
                self.usage =
                    Some(Usage { input_tokens: tokens.input, output_tokens: tokens.output });
            }
            Delta::Finish(finish) => self.finish = Some(finish),
        }
        true
    }
}
