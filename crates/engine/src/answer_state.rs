use llm::{Delta, Finish, Tokens};
use protocol::{Event, Progress, Shape, Snapshot, Usage};
use tokio::time::Instant;

use crate::{
    composer::Composer,
    seam::Seam,
    shown::{Shown, written},
};

/// What has arrived of a provider's answer.
pub(crate) struct AnswerState {
    shape: Shape,
    pub(crate) composer: Composer,
    /// Whether the model has written or thought anything.
    pub(crate) has_begun: bool,
    /// Joins the answer to what was written of it before.
    seam: Option<Seam>,
    pub(crate) began: Instant,
    /// When the model had written or thought something.
    pub(crate) first_token: Option<Instant>,
    pub(crate) first_text: Option<Instant>,
    pub(crate) finish: Option<Finish>,
    /// What this call has cost, and those before it.
    call: Option<Usage>,
    earlier: Option<Usage>,
    /// How many characters of the input the provider read, where it says so.
    pub(crate) read_chars: Option<u64>,
}

impl AnswerState {
    /// An answer that begins now.
    pub(crate) fn new(shape: &Shape) -> Self {
        Self {
            shape: shape.clone(),
            composer: Composer::new(shape),
            has_begun: false,
            seam: None,
            began: Instant::now(),
            first_token: None,
            first_text: None,
            finish: None,
            call: None,
            earlier: None,
            read_chars: None,
        }
    }

    /// Begins the answer again: viewers have seen nothing of it.
    pub(crate) fn begin_again(&mut self) {
        self.end_call();
        self.composer = Composer::new(&self.shape);
        self.seam = None;
    }

    /// Goes on with the answer of which viewers have seen what `snapshot` shows. Gives what was
    /// written of it, for the model.
    pub(crate) fn go_on(&mut self, snapshot: &Snapshot, writes_on: bool) -> String {
        self.end_call();
        let document = snapshot.document.root();
        self.composer = Composer::continuing(&self.shape, Shown::of(document, &snapshot.completed));
        let written = match self.shape.form {
            protocol::Form::Object => written(document, &snapshot.completed),
            protocol::Form::Text => self.shape.text_of(snapshot).to_owned(),
        };
        self.seam = Some(Seam::new(written.clone(), writes_on));
        written
    }

    /// Reads what was written before, and nothing else: the answer stays what viewers have seen.
    pub(crate) fn stay(&mut self, snapshot: &Snapshot) {
        let finish = self.finish.take();
        let written = self.go_on(snapshot, true);
        self.seam = None;
        self.composer.text(&written);
        self.finish = finish;
    }

    /// Reads what was held back at the seam, as nothing more will come.
    pub(crate) fn end_seam(&mut self) {
        let rest = self.seam.as_mut().and_then(Seam::end);
        if let Some(rest) = rest {
            self.composer.text(&rest);
        }
    }

    /// Adds what a call has cost that wrote nothing of the answer.
    pub(crate) fn spend(&mut self, tokens: Tokens) {
        self.earlier = sum(self.earlier, Some(usage(tokens)));
    }

    /// What all calls have cost.
    pub(crate) fn usage(&self) -> Option<Usage> {
        sum(self.earlier, self.call)
    }

    /// Tokens that this call has read, where they were counted.
    pub(crate) fn tokens_read(&self) -> Option<u64> {
        self.call.map(|usage| usage.input_tokens).filter(|tokens| *tokens > 0)
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
            Delta::Text(text) => {
                self.begin();
                return self.text(&text);
            }
            Delta::Reasoning(text) => {
                self.begin();
                return self.composer.reasoning(&text);
            }
            Delta::Usage(tokens) => self.call = Some(usage(tokens)),
            Delta::Read(chars) => self.read_chars = Some(chars),
            Delta::Prompt { done, total } => {
                let stage = Progress::PROMPT.to_owned();
                self.composer.buffer().push(Event::Progress(Progress { stage, done, total }));
            }
            Delta::Finish(finish) => self.finish = Some(finish),
        }
        true
    }

    fn begin(&mut self) {
        if !self.has_begun {
            self.has_begun = true;
            self.first_token.get_or_insert_with(Instant::now);
        }
    }

    fn text(&mut self, text: &str) -> bool {
        let Some(seam) = &mut self.seam else { return self.composer.text(text) };
        seam.join(text).is_none_or(|joined| self.composer.text(&joined))
    }

    fn end_call(&mut self) {
        self.earlier = self.usage();
        self.call = None;
        self.finish = None;
    }
}

fn usage(tokens: Tokens) -> Usage {
    Usage {
        input_tokens: tokens.input,
        output_tokens: tokens.output,
        cached_tokens: tokens.cached,
        reasoning_tokens: tokens.reasoning,
    }
}

fn sum(one: Option<Usage>, other: Option<Usage>) -> Option<Usage> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Usage {
            input_tokens: one.input_tokens + other.input_tokens,
            output_tokens: one.output_tokens + other.output_tokens,
            cached_tokens: either(one.cached_tokens, other.cached_tokens),
            reasoning_tokens: either(one.reasoning_tokens, other.reasoning_tokens),
        }),
        (one, other) => one.or(other),
    }
}

fn either(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}
