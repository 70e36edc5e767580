use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use llm::{
    Delta, Error, ErrorKind, Finish, Provider, Request, Role, Script, Tokens, lexical,
    likely_tokens,
};
use protocol::{Event, Language, PartRead, Progress};
use reading::{Call, CallId, Gauge, Notes, Plan, Stage, span_of};
use tokio::time::{sleep, timeout};

use crate::{answer_reader::End, learned::Learned, recorder::Recorder, stop::StopSignal};

/// How often a call is made at most, and how long one waits before the second. Each wait is twice
/// as long as the one before.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest wait that a provider may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long one call may take.
const CALL_DEADLINE: Duration = Duration::from_secs(30 * 60);

/// Has a model read the whole of a long text by a [`Plan`]: makes its calls side by side, each
/// retried alone, and records how far it is.
pub(crate) struct PartReader<'a> {
    pub(crate) calls: Calls,
    pub(crate) plan: Plan,
    pub(crate) text: Arc<str>,
    /// Calls that may be under way at once.
    pub(crate) at_once: usize,
    pub(crate) learned: &'a Learned,
    pub(crate) recorder: &'a mut Recorder,
    pub(crate) stop: &'a StopSignal,
    pub(crate) tally: &'a mut Tally,
}

/// How the calls of a plan are made.
#[derive(Clone)]
pub(crate) struct Calls {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) model: Option<String>,
    /// The model's name, under which is kept what was learned of it.
    pub(crate) known_as: String,
    pub(crate) language: Language,
    /// How long notes, and quotes, may become, in tokens.
    pub(crate) notes_tokens: u64,
}

/// What the calls were given and have read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Calls that have read the text itself.
    pub(crate) parts: u64,
    pub(crate) given: u64,
    pub(crate) read: u64,
    /// A provider did not say how much it has read.
    pub(crate) is_unknown: bool,
    /// What all calls have cost.
    pub(crate) spent: Tokens,
}

/// What came of a call.
struct Outcome {
    text: String,
    quotes: String,
    given: u64,
    /// What was estimated of the request, before anything was learned.
    estimated: u64,
    script: Script,
    usage: Option<Tokens>,
}

impl PartReader<'_> {
    /// Reads all of it; gives the notes on it. Else says why it ended.
    ///
    /// # Errors
    /// When the store refuses events.
    pub(crate) async fn read(mut self) -> Result<Result<Vec<Notes>, End>, store::Error> {
        let mut under_way = FuturesUnordered::new();
        self.show_progress().await?;
        loop {
            while under_way.len() < self.at_once.max(1)
                && let Some((id, call)) = self.plan.next_call()
            {
                let is_part = matches!(call, Call::Read { .. });
                let answer = self.calls.clone().make(call, Arc::clone(&self.text));
                under_way.push(async move { (id, is_part, answer.await) });
            }
            if under_way.is_empty() {
                break;
            }
            let (id, is_part, answer) = tokio::select! {
                biased;
                reason = self.stop.requested() => return Ok(Err(End::Stopped(reason))),
                Some(done) = under_way.next() => done,
            };
            match answer {
                Ok(outcome) => self.take(id, is_part, outcome).await?,
                Err(error) if error.kind == ErrorKind::TooLong && self.halve(id) => {
                    tracing::info!(%error, "a part is read in smaller parts");
                }
                Err(error) => return Ok(Err(End::Failed(error))),
            }
            self.show_progress().await?;
        }
        Ok(Ok(self.plan.notes().unwrap_or_default().into_iter().cloned().collect()))
    }

    fn gauge(&self) -> Gauge {
        self.learned.of(&self.calls.known_as).gauge
    }

    fn halve(&mut self, id: CallId) -> bool {
        let gauge = self.gauge();
        self.plan.halve(id, &self.text, &gauge)
    }

    /// Counts what a call has cost, and keeps what it has noted of a part.
    async fn take(
        &mut self,
        id: CallId,
        is_part: bool,
        outcome: Outcome,
    ) -> Result<(), store::Error> {
        let Outcome { text, quotes, given, estimated, script, usage } = outcome;
        if let Some(usage) = usage {
            self.learned.counted(&self.calls.known_as, script, estimated, usage.input);
            self.tally.spent.input += usage.input;
            self.tally.spent.output += usage.output;
        }
        if is_part {
            self.tally.parts += 1;
            self.tally.given += given;
            match usage {
                Some(usage) => self.tally.read += usage.input,
                None => self.tally.is_unknown = true,
            }
        }
        let gauge = self.gauge();
        let notes = self.plan.finish(id, text, quotes, &gauge);
        if let Some(notes) = notes.filter(|_| is_part) {
            let span = span_of(&self.text, &notes.range);
            let part = PartRead { start: span.start, end: span.end, notes: notes.text };
            self.recorder.record(vec![Event::PartRead(part)]).await?;
        }
        Ok(())
    }

    async fn show_progress(&mut self) -> Result<(), store::Error> {
        let (stage, done, total) = self.plan.progress();
        let stage = match stage {
            Stage::Reading => Progress::READING,
            Stage::Merging => Progress::MERGING,
        };
        let progress = Progress { stage: stage.to_owned(), done, total };
        self.recorder.record(vec![Event::Progress(progress)]).await
    }
}

impl Calls {
    /// Makes a call, and makes it again when that may help.
    async fn make(self, call: Call, text: Arc<str>) -> Result<Outcome, Error> {
        let (request, source) = self.phrase(&call, &text);
        let quotes = self.quotes(source.clone());
        let model = self.known_as_model();
        let counted = self.provider.count_tokens(model, &source).await;
        let script = Script::of(&source);
        let estimated = request.most_tokens();
        let around = likely_tokens(request.last(Role::System));
        let given = counted.map_or_else(|| request.likely_tokens(), |counted| counted + around);
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        let (text, usage) = loop {
            let error = match self.notes(request.clone(), counted).await {
                Ok(answer) => break answer,
                Err(error) => error,
            };
            if attempt == ATTEMPTS || !may_pass(&error) {
                return Err(error);
            }
            tracing::info!(%error, attempt, "a part is asked for again");
            sleep(error.retry_after.unwrap_or(pause).min(LONGEST_PAUSE)).await;
            (attempt, pause) = (attempt + 1, pause * 2);
        };
        let quotes = quotes.await;
        Ok(Outcome { text, quotes, given, estimated, script, usage })
    }

    fn known_as_model(&self) -> &str {
        self.model.as_deref().unwrap_or_else(|| self.provider.model())
    }

    /// The request, and the text that it is about.
    fn phrase(&self, call: &Call, text: &str) -> (Request, Arc<str>) {
        let (request, source) = match call {
            Call::Read { range, number, of } => {
                let part = text.get(range.clone()).unwrap_or_default();
                let request =
                    reading::read_part(part, *number, *of, self.notes_tokens, self.language);
                (request, part.to_owned())
            }
            Call::Merge(notes) => {
                let notes: Vec<&Notes> = notes.iter().collect();
                let quotes: Vec<&str> = notes.iter().map(|notes| notes.quotes.as_str()).collect();
                let source = quotes.join("\n\n");
                (reading::merge(&notes, self.notes_tokens, self.language), source)
            }
        };
        (Request { model: self.model.clone(), ..request }, source.into())
    }

    /// The sentences of a text that tell the most of it, chosen while the model reads.
    fn quotes(&self, text: Arc<str>) -> impl Future<Output = String> + use<> {
        let chars = usize::try_from(self.chars(&text)).unwrap_or(usize::MAX);
        let chosen = tokio::task::spawn_blocking(move || lexical::best_sentences(&text, chars));
        async move { chosen.await.unwrap_or_default() }
    }

    /// As many characters as the tokens of notes are.
    fn chars(&self, text: &str) -> u64 {
        match Script::of(text) {
            Script::Wide => self.notes_tokens,
            Script::Narrow => self.notes_tokens * 5 / 2,
        }
    }

    /// What the model notes, cut where it would not come to an end.
    async fn notes(
        &self,
        request: Request,
        counted: Option<u64>,
    ) -> Result<(String, Option<Tokens>), Error> {
        let read = self.read(request, counted);
        match timeout(CALL_DEADLINE, read).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::new(ErrorKind::Silent, "a part took too long")),
        }
    }

    async fn read(
        &self,
        request: Request,
        counted: Option<u64>,
    ) -> Result<(String, Option<Tokens>), Error> {
        let mut answer = self.provider.answer(request);
        let (mut text, mut usage) = (String::new(), None);
        while let Some(delta) = answer.next().await {
            match delta? {
                Delta::Text(piece) => text.push_str(&piece),
                Delta::Usage(tokens) => usage = Some(tokens),
                Delta::Finish(Finish::Filtered) => {
                    return Err(Error::new(ErrorKind::Rejected, "a part was withheld"));
                }
                Delta::Finish(_) | Delta::Reasoning(_) | Delta::Read(_) | Delta::Prompt { .. } => {}
            }
            // Twice as much as was asked for is enough.
            if text.chars().count() as u64 > self.chars(&text) * 2 {
                break;
            }
        }
        if let (Some(counted), Some(Tokens { input: read @ 1.., .. })) = (counted, usage)
            && is_clearly_less(read, counted)
        {
            return Err(Error::new(ErrorKind::TooLong, "a part was cut by its server"));
        }
        let text = clipped(&text, self.chars(&text));
        if text.is_empty() {
            return Err(Error::new(ErrorKind::Broken, "nothing was noted of a part"));
        }
        Ok((text, usage))
    }
}

/// Whether less was read than was given, where both were counted by the model's own vocabulary.
pub(crate) fn is_clearly_less(read: u64, given: u64) -> bool {
    read * 20 < given * 19
}

/// Whether another try may help.
fn may_pass(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Unreachable | ErrorKind::RateLimited | ErrorKind::Broken | ErrorKind::Silent
    )
}

/// The notes without thoughts, and cut behind a sentence where they are longer than that.
fn clipped(text: &str, most_chars: u64) -> String {
    let text = text.rsplit_once("</think>").map_or(text, |(_, behind)| behind).trim();
    let most = usize::try_from(most_chars).unwrap_or(usize::MAX);
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let kept = &text[..end];
    let stop = kept.rfind(['.', '。', '！', '？', '!', '?', '\n']);
    let behind = |at: usize| at + kept[at..].chars().next().map_or(0, char::len_utf8);
    let end = stop.filter(|at| at * 2 > end).map_or(end, behind);
    kept[..end].trim_end().to_owned()
}
