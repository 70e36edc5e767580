use std::sync::Arc;

use llm::{Capacity, ErrorKind, Provider, Request, Script, likely_tokens, most_tokens};
use protocol::{Coverage, NewGeneration, Shape};
use reading::{Gauge, INSTRUCTION_TOKENS, Notes, Plan, Room};
use store::Store;

use crate::{
    answer_reader::End,
    learned::Learned,
    part_reader::{Calls, PartReader, Tally, is_clearly_less},
    prompt,
    recorder::Recorder,
};

/// What fits into this with its answer is read by every model: nobody is asked.
const SURELY_READ: u64 = 2_048;

/// How many calls are under way at once where a provider does not say how many it takes.
const AT_ONCE: usize = 4;

/// Which part of a context is kept free for the answer, and how much at most.
const ANSWER_SHARE: u64 = 4;
const MOST_ANSWER_TOKENS: u64 = 4_096;

/// Room for an answer that most are content with.
const SHORT_ANSWER: u64 = 512;

/// How much of a text its server is given to count, in bytes.
const COUNTED_BYTES: usize = 64 * 1024;

/// A context that is smaller than this is no model's, and a number below the other in a refusal is
/// no context: it may be a status.
const LEAST_CONTEXT: u64 = 256;
const LEAST_NAMED: u64 = 1_000;

/// Sees to it that a model reads the whole of a text: counts first, gives it in one piece where
/// that fits, and has it read in parts where it doesn't.
pub(crate) struct DocumentReader {
    provider: Arc<dyn Provider>,
    store: Arc<dyn Store>,
    learned: Arc<Learned>,
    /// What the settings say of how much the model reads.
    context_setting: Option<u64>,
    /// What is asked for. Its text may be long, and is taken once it was sent.
    generation: NewGeneration,
    shape: Shape,
    owner: String,
    /// What was noted of the text so far, when it is read in parts.
    known: Vec<PartNotes>,
    /// The notes that stand for the text, once it was read in parts.
    notes: Option<Vec<Notes>>,
    tally: Tally,
    whole: Option<Whole>,
}

/// A document that is to be filled.
pub(crate) struct DocumentAssignment {
    /// What is asked for. Without a text, that is what the store has.
    pub(crate) generation: NewGeneration,
    pub(crate) shape: Shape,
    /// What was noted of the text before the server was killed.
    pub(crate) known: Vec<PartNotes>,
}

/// Notes on a part, by characters of the source.
#[derive(Clone, Debug)]
pub(crate) struct PartNotes {
    pub(crate) span: protocol::Span,
    pub(crate) text: String,
}

/// What is known of a text that is given in one piece.
#[derive(Clone, Copy, Debug)]
struct Whole {
    chars: u64,
    script: Script,
    /// Tokens of the request, as they were estimated at first, as they are thought to be, and of the
    /// text alone where its model's own server has counted them.
    estimated: u64,
    given: u64,
    counted: Option<u64>,
    /// What readers are told that was given: what was counted, or is likely.
    told: u64,
}

/// How much of a context there is for what.
struct Budget {
    context: u64,
    instructions: u64,
    answer: u64,
    at_once: usize,
}

impl DocumentReader {
    pub(crate) fn new(
        provider: Arc<dyn Provider>,
        store: Arc<dyn Store>,
        learned: Arc<Learned>,
        context_setting: Option<u64>,
        owner: String,
        assignment: DocumentAssignment,
    ) -> Self {
        let DocumentAssignment { generation, shape, known } = assignment;
        Self {
            provider,
            store,
            learned,
            context_setting,
            generation,
            shape,
            owner,
            known,
            notes: None,
            tally: Tally::default(),
            whole: None,
        }
    }

    /// Reads the text in parts, unless it is known or hoped to fit in one piece.
    ///
    /// # Errors
    /// When the store refuses events.
    pub(crate) async fn read(
        &mut self,
        recorder: &mut Recorder,
    ) -> Result<Result<(), End>, store::Error> {
        let text = self.text(recorder).await?;
        let whole = self.measure(&text, None);
        let short = self.context_setting.unwrap_or(SURELY_READ).min(SURELY_READ);
        self.whole = Some(whole);
        let is_short = self.provider.reads_any_length() || whole.given + SHORT_ANSWER <= short;
        let budget = if is_short { None } else { self.exceeded(&text).await };
        match budget {
            Some(budget) => self.read_parts(text, budget, recorder).await,
            None => {
                self.generation.text = text;
                Ok(Ok(()))
            }
        }
    }

    /// The context that the text does not fit into; none where it fits, or nobody knows.
    async fn exceeded(&mut self, text: &str) -> Option<Budget> {
        let capacity = self.context().await?;
        let whole = self.measure(text, self.count(text).await);
        self.whole = Some(whole);
        let budget = self.budget(capacity);
        (whole.given + budget.answer > budget.context).then_some(budget)
    }

    /// Reads the text in parts after it was too long in one piece. `None` when it cannot be read so.
    ///
    /// # Errors
    /// When the store refuses events.
    pub(crate) async fn read_shorter(
        &mut self,
        error: &llm::Error,
        recorder: &mut Recorder,
    ) -> Result<Option<Result<(), End>>, store::Error> {
        let Some(whole) = self.whole.filter(|_| self.notes.is_none()) else { return Ok(None) };
        let most = limit_named(error, whole.given).unwrap_or(whole.given / 2).max(LEAST_CONTEXT);
        self.learned.too_long(&self.known_as(), most);
        if whole.given < most {
            return Ok(None);
        }
        let text = self.text(recorder).await?;
        let at_once = self.provider.capacity(self.model()).await.at_once;
        let budget = self.budget(Capacity { context_tokens: Some(most), at_once });
        if Room::of(budget.context, budget.instructions, budget.answer).is_none() {
            return Ok(None);
        }
        tracing::info!(%error, most, "the text is read in parts");
        self.read_parts(text, budget, recorder).await.map(Some)
    }

    /// What the model is asked for the document.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn request(&mut self, recorder: &Recorder) -> Result<Request, store::Error> {
        let text = match &self.notes {
            Some(notes) => reading::digest(&notes.iter().collect::<Vec<_>>()),
            None => self.text(recorder).await?,
        };
        let request =
            prompt::request(NewGeneration { text, ..self.generation.clone() }, &self.shape);
        Ok(if self.notes.is_some() { prompt::from_notes(request) } else { request })
    }

    /// How much was read, once the document is written by a call that has read `tokens_read`.
    pub(crate) fn coverage(&self, tokens_read: Option<u64>) -> Coverage {
        let chars = self.whole.map_or(0, |whole| whole.chars);
        let in_parts = self.notes.is_some();
        let given = self.whole.map(|whole| whole.told);
        Coverage {
            read_chars: chars,
            total_chars: chars,
            parts: Some(if in_parts { self.tally.parts } else { 1 }),
            tokens_given: if in_parts { Some(self.tally.given) } else { given },
            tokens_read: match in_parts {
                true => (!self.tally.is_unknown).then_some(self.tally.read),
                false => tokens_read,
            },
            ..Coverage::default()
        }
    }

    /// How the answer has ended that was given the text, once what its provider has counted is held
    /// against that: an answer to a part of the text is none.
    pub(crate) fn checked(&self, end: End, tokens_read: Option<u64>) -> End {
        let Some(whole) = self.whole.filter(|_| self.notes.is_none()) else { return end };
        if let End::Failed(error) = &end
            && error.kind == ErrorKind::TooLong
        {
            self.learned.too_long(&self.known_as(), (whole.given / 2).max(LEAST_CONTEXT));
        }
        let Some(read) = tokens_read else { return end };
        if whole.counted.is_some_and(|counted| is_clearly_less(read, counted)) {
            self.learned.too_long(&self.known_as(), read.max(LEAST_CONTEXT));
            let detail = format!("read {read} of {} tokens", whole.given);
            return End::Failed(llm::Error::new(ErrorKind::TooLong, detail));
        }
        self.learned.counted(&self.known_as(), whole.script, whole.estimated, read);
        end
    }

    /// What the calls have cost that read the text in parts.
    pub(crate) fn spent(&self) -> llm::Tokens {
        self.tally.spent
    }

    async fn read_parts(
        &mut self,
        text: String,
        budget: Budget,
        recorder: &mut Recorder,
    ) -> Result<Result<(), End>, store::Error> {
        let Some(room) = Room::of(budget.context, budget.instructions, budget.answer) else {
            let detail = "the context is too small for any part of the text";
            return Ok(Err(End::Failed(llm::Error::new(ErrorKind::TooLong, detail))));
        };
        let gauge = self.gauge();
        self.generation.text = String::new();
        let known = std::mem::take(&mut self.known);
        self.tally.parts = known.len() as u64;
        // What was read before a restart was counted then.
        self.tally.is_unknown = !known.is_empty();
        let planned = tokio::task::spawn_blocking(move || {
            let known = known.into_iter().map(|part| part.in_bytes(&text)).collect();
            (Plan::new(&text, room, &gauge, known), Arc::<str>::from(text))
        });
        let (plan, text) = planned.await.map_err(|error| {
            tracing::error!(%error, "a text could not be split");
            store::Error::UnknownGeneration
        })?;
        let calls = Calls {
            provider: Arc::clone(&self.provider),
            model: self.generation.model.clone(),
            known_as: self.known_as(),
            language: self.generation.language,
            notes_tokens: room.notes,
        };
        let running = Arc::clone(recorder.running());
        let reader = PartReader {
            calls,
            plan,
            text,
            at_once: budget.at_once,
            learned: &self.learned,
            recorder,
            stop: &running.stop,
            tally: &mut self.tally,
        };
        Ok(reader.read().await?.map(|notes| self.notes = Some(notes)))
    }

    /// The text: that of the request, or what the store has kept of it.
    async fn text(&mut self, recorder: &Recorder) -> Result<String, store::Error> {
        if !self.generation.text.is_empty() {
            return Ok(std::mem::take(&mut self.generation.text));
        }
        let text = self.store.input(&self.owner, recorder.running().log.id()).await?;
        text.ok_or(store::Error::UnknownGeneration)
    }

    fn measure(&self, text: &str, counted: Option<u64>) -> Whole {
        let script = Script::of(text);
        // The text is taken from here, so that it is not copied.
        let around = NewGeneration { text: String::new(), ..self.generation.clone() };
        let around = prompt::request(around, &self.shape);
        let told = around.likely_tokens() + counted.unwrap_or_else(|| likely_tokens(text));
        let around = around.most_tokens();
        let estimated = most_tokens(text) + around;
        let given = match counted {
            Some(counted) => counted + around,
            None => self.gauge().tokens(text) + around,
        };
        let chars = text.chars().count() as u64;
        Whole { chars, script, estimated, given, counted, told }
    }

    /// How many tokens the text has by its model's own vocabulary; from a long one's beginning only
    /// the gauge is set.
    async fn count(&self, text: &str) -> Option<u64> {
        let sample = &text[..text.floor_char_boundary(COUNTED_BYTES)];
        let counted = self.provider.count_tokens(self.model(), sample).await?;
        let known_as = self.known_as();
        self.learned.measured(&known_as, Script::of(sample), most_tokens(sample), counted);
        (sample.len() == text.len()).then_some(counted)
    }

    /// How much the model reads, where anybody knows.
    async fn context(&self) -> Option<Capacity> {
        let asked = self.provider.capacity(self.model()).await;
        let learned = self.learned.of(&self.known_as()).most_tokens;
        let known = [asked.context_tokens, self.context_setting, learned];
        let context_tokens = known.into_iter().flatten().min()?;
        Some(Capacity { context_tokens: Some(context_tokens), ..asked })
    }

    fn budget(&self, capacity: Capacity) -> Budget {
        let context = capacity.context_tokens.unwrap_or(u64::MAX);
        let instructions = NewGeneration { text: String::new(), ..self.generation.clone() };
        let instructions = prompt::from_notes(prompt::request(instructions, &self.shape));
        Budget {
            context,
            instructions: instructions.most_tokens().max(INSTRUCTION_TOKENS),
            answer: (context / ANSWER_SHARE).min(MOST_ANSWER_TOKENS),
            at_once: capacity.at_once.unwrap_or(AT_ONCE),
        }
    }

    fn gauge(&self) -> Gauge {
        self.learned.of(&self.known_as()).gauge
    }

    fn model(&self) -> &str {
        self.generation.model.as_deref().unwrap_or_else(|| self.provider.model())
    }

    fn known_as(&self) -> String {
        format!("{}/{}", self.provider.name(), self.model())
    }
}

impl PartNotes {
    fn in_bytes(self, text: &str) -> Notes {
        let range = reading::range_of(text, self.span);
        let part = text.get(range.clone()).unwrap_or_default();
        let chars = self.text.chars().count();
        let quotes = llm::lexical::best_sentences(part, chars);
        Notes { range, text: self.text, quotes }
    }
}

/// The limit that a refusal names, as "maximum context length is 8192 tokens": the smallest of its
/// numbers that can be one.
fn limit_named(error: &llm::Error, given: u64) -> Option<u64> {
    let words = error.reason.as_ref()?.as_str();
    let numbers = words.split(|char: char| !char.is_ascii_digit());
    let numbers = numbers.filter_map(|digits| digits.parse().ok());
    numbers.filter(|number| (LEAST_NAMED..given.max(LEAST_NAMED)).contains(number)).min()
}
