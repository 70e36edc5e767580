use std::{sync::Arc, time::Duration};

use llm::{ErrorKind, Finish, Provider, Request};
use protocol::{Break, Continued, Event, Shape, Snapshot};
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    answer_reader::{AnswerReader, End},
    answer_state::AnswerState,
    document_reader::DocumentReader,
    recorder::Recorder,
    stop::StopReason,
};

/// Longest that one answer may take.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// How often an answer is continued at most.
const MOST_CONTINUATIONS: usize = 5;

/// How long one waits before an answer is continued that broke off: at first, and after each time
/// that nothing came of it. Then it has failed.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_secs(2), Duration::from_secs(5)];

/// How long the messages of a plain text may be that are kept to ask once more, in bytes.
const KEPT_BYTES: usize = 64 * 1024;

/// Has an answer written: by one call or, where it breaks off, by several that go on from where it
/// stood.
pub(crate) struct Writing<'a> {
    pub(crate) provider: &'a Arc<dyn Provider>,
    pub(crate) recorder: &'a mut Recorder,
    pub(crate) state: &'a mut AnswerState,
    pub(crate) source: Source<'a>,
    pub(crate) shape: &'a Shape,
    /// Whether what breaks off is continued.
    pub(crate) resumes: bool,
}

/// Where requests come from: they are long, and are made anew for each call.
pub(crate) enum Source<'a> {
    Document(&'a mut DocumentReader),
    Text(Box<TextSource>),
}

/// The request for a plain text, and the same once more where that is short.
pub(crate) struct TextSource {
    first: Option<Request>,
    again: Option<Request>,
}

impl TextSource {
    pub(crate) fn new(request: Request) -> Self {
        let bytes = request.source.as_ref().map_or(0, String::len)
            + request.messages.iter().map(|message| message.content.len()).sum::<usize>();
        let again = (bytes <= KEPT_BYTES).then(|| request.clone());
        Self { first: Some(request), again }
    }
}

impl Source<'_> {
    async fn request(&mut self, recorder: &Recorder) -> Result<Option<Request>, store::Error> {
        match self {
            Self::Document(reader) => reader.request(recorder).await.map(Some),
            Self::Text(text) => Ok(text.first.take().or_else(|| text.again.clone())),
        }
    }

    fn can_ask_again(&self) -> bool {
        match self {
            Self::Document(_) => true,
            Self::Text(text) => text.again.is_some(),
        }
    }
}

impl Writing<'_> {
    /// Writes the answer; with `was_killed`, what a killed server left of it. Says how it ended: as
    /// the first break, when it could not be continued.
    ///
    /// # Errors
    /// When the store refuses events.
    pub(crate) async fn write(mut self, was_killed: bool) -> Result<End, store::Error> {
        let mut end = if was_killed { End::Interrupted } else { self.ask().await? };
        let mut broken = self.broken(&end);
        let mut pauses = PAUSES.into_iter();
        for _ in 0..MOST_CONTINUATIONS {
            let Some(reason) = broken else { break };
            if self.has_every_field().await? {
                return Ok(End::Finished);
            }
            let Some(pause) = pauses.next() else { break };
            let before = self.shown().await?.document.chars();
            self.recorder.record(vec![Event::Continued(Continued { reason })]).await?;
            if let Some(stopped) = self.wait(pause).await {
                return Ok(stopped);
            }
            let next = self.go_on().await?;
            let shown = self.shown().await?;
            if self.state.composer.buffer().differs() {
                tracing::info!("a continued answer began again with something else");
                self.state.stay(&shown);
                break;
            }
            if shown.document.chars() > before {
                pauses = PAUSES.into_iter();
            }
            broken = self.broken(&next);
            match next {
                End::Failed(error) => tracing::info!(%error, "an answer could not be continued"),
                next => end = next,
            }
        }
        Ok(end)
    }

    /// Waits before the next try; says so when it was stopped.
    async fn wait(&self, pause: Duration) -> Option<End> {
        tokio::select! {
            biased;
            reason = self.recorder.running().stop.requested() => Some(End::Stopped(reason)),
            () = sleep(pause) => None,
        }
    }

    /// Why the answer broke off, where it may be continued.
    fn broken(&self, end: &End) -> Option<Break> {
        let composer = &self.state.composer;
        if !self.resumes || !self.source.can_ask_again() || composer.is_whole() {
            return None;
        }
        let reason = match end {
            End::Interrupted => Break::Restarted,
            End::Failed(error) if self.state.has_begun && may_pass(error.kind) => {
                Break::ConnectionLost
            }
            End::Finished if self.state.finish == Some(Finish::Length) => Break::Length,
            _ => return None,
        };
        composer.is_sound().then_some(reason)
    }

    /// Whether nothing is missing but the end of the document.
    async fn has_every_field(&mut self) -> Result<bool, store::Error> {
        if self.shape.form == protocol::Form::Text {
            return Ok(false);
        }
        let shown = self.shown().await?;
        let root = shown.document.root();
        let is_set = |path: &str| {
            let value = root.pointer(path);
            value.is_some_and(|it| it.is_number() || it.is_boolean() || it.is_null())
        };
        let is_final = |path: &str| shown.is_completed(path) || is_set(path);
        let is_whole = self.shape.fields.iter().all(|field| is_final(&field.path()));
        if is_whole {
            self.state.stay(&shown);
        }
        Ok(is_whole)
    }

    /// What viewers have seen by now.
    async fn shown(&mut self) -> Result<Snapshot, store::Error> {
        let events = std::mem::take(&mut self.state.composer.buffer().events);
        self.recorder.record(events).await?;
        Ok(self.recorder.running().snapshot())
    }

    /// Asks once more: for the rest of what viewers have seen or, where that is nothing, for all.
    async fn go_on(&mut self) -> Result<End, store::Error> {
        // A killed server's model had begun.
        self.state.has_begun = true;
        let shown = self.shown().await?;
        let is_empty = shown.document.root().as_object().is_none_or(serde_json::Map::is_empty);
        if is_empty {
            self.state.begin_again();
            return self.ask().await;
        }
        let Some(request) = self.source.request(self.recorder).await? else {
            return Ok(End::Finished);
        };
        let model = request.model.clone();
        let model = model.as_deref().unwrap_or_else(|| self.provider.model());
        // What the server is says whether its model goes on by itself.
        self.provider.capacity(model).await;
        let written = self.state.go_on(&shown, self.provider.writes_on(model));
        let end = self.read(Request { written: Some(written), ..request }).await?;
        self.state.end_seam();
        Ok(end)
    }

    async fn ask(&mut self) -> Result<End, store::Error> {
        match self.source.request(self.recorder).await? {
            Some(request) => self.read(request).await,
            None => Ok(End::Finished),
        }
    }

    async fn read(&mut self, request: Request) -> Result<End, store::Error> {
        let running = Arc::clone(self.recorder.running());
        let slow = Arc::clone(&running);
        // It has a task of its own, so that no delta pays for looking at the time.
        let _deadline = AbortOnDropHandle::new(tokio::spawn(async move {
            sleep(LONGEST).await;
            slow.stop.request(StopReason::TooSlow);
        }));
        let answer = self.provider.answer(request);
        let (state, recorder, stop) = (&mut *self.state, &mut *self.recorder, &running.stop);
        AnswerReader { answer, state, recorder, stop }.read().await
    }
}

/// Whether another try may find the provider as it was.
fn may_pass(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Broken | ErrorKind::Silent | ErrorKind::Unreachable | ErrorKind::RateLimited
    )
}
