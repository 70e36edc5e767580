use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;

use crate::{Answer, Delta, Error, ErrorKind, Finish, Provider, Request, Tokens};

/// Requests that are remembered; older ones are forgotten.
const MAX_REQUESTS: usize = 256;

/// A step of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Writes text. Empty text is left out.
    Text(String),
    /// Thinks.
    Reasoning(String),
    /// Tells what was counted.
    Usage(Tokens),
    /// Tells why it stopped.
    Finish(Finish),
    /// Fails. What follows is not played.
    Fail(ErrorKind),
    /// Waits, by tokio's clock, which tests can pause.
    Wait(Duration),
    /// Never does anything again.
    Hang,
}

/// A provider for tests: plays the same script to each request, and remembers the requests.
///
/// A script that ends without [`Step::Finish`] ends as a killed server does, with
/// [`ErrorKind::Broken`].
#[derive(Clone, Debug)]
pub struct Scripted {
    name: String,
    model: String,
    script: Script,
    requests: Arc<Mutex<VecDeque<Request>>>,
}

#[derive(Clone, Debug)]
enum Script {
    Steps(Arc<[Step]>),
    /// Written by a pen, for the first request to come.
    Live(Arc<Mutex<Option<mpsc::Receiver<Step>>>>),
}

impl Scripted {
    /// Plays these steps.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(Script::Steps(steps.into_iter().collect()))
    }

    /// Writes these deltas and stops.
    pub fn deltas<T: Into<String>>(deltas: impl IntoIterator<Item = T>) -> Self {
        let text = deltas.into_iter().map(|delta| Step::Text(delta.into()));
        Self::new(text.chain([Step::Finish(Finish::Stop)]))
    }

    /// Writes this text in pieces of so many characters (at least one) and stops.
    #[must_use]
    pub fn text(text: &str, piece_chars: usize) -> Self {
        let characters: Vec<char> = text.chars().collect();
        Self::deltas(
            characters.chunks(piece_chars.max(1)).map(|piece| piece.iter().collect::<String>()),
        )
    }

    /// Writes what the [`Pen`] writes, to the first request; any other fails.
    #[must_use]
    pub fn live() -> (Self, Pen) {
        let (steps, script) = mpsc::channel(1);
        (Self::with(Script::Live(Arc::new(Mutex::new(Some(script))))), Pen { steps })
    }

    /// Waits so long before each piece of text. A live script is paced by its pen.
    #[must_use]
    pub fn paced(mut self, wait: Duration) -> Self {
        if let Script::Steps(steps) = &self.script {
            let pace = |step: &Step| match step {
                Step::Text(_) | Step::Reasoning(_) => vec![Step::Wait(wait), step.clone()],
                _ => vec![step.clone()],
            };
            self.script = Script::Steps(steps.iter().flat_map(pace).collect());
        }
        self
    }

    /// Goes by another name than `scripted`, and another model than `script`.
    #[must_use]
    pub fn named(self, name: impl Into<String>, model: impl Into<String>) -> Self {
        Self { name: name.into(), model: model.into(), ..self }
    }

    /// The requests that were answered, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.requests).iter().cloned().collect()
    }

    fn with(script: Script) -> Self {
        let requests = Arc::default();
        Self { name: "scripted".to_owned(), model: "script".to_owned(), script, requests }
    }
}

impl Provider for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn answer(&self, request: Request) -> Answer {
        let (script, requests) = (self.script.clone(), Arc::clone(&self.requests));
        stream::once(async move {
            let mut requests = lock(&requests);
            if requests.len() == MAX_REQUESTS {
                requests.pop_front();
            }
            requests.push_back(request);
            play(script.steps())
        })
        .flatten()
        .boxed()
    }
}

impl Script {
    fn steps(self) -> BoxStream<'static, Step> {
        match self {
            Self::Steps(steps) => {
                let mut next = 0;
                let step = move || {
                    next += 1;
                    steps.get(next - 1).cloned()
                };
                stream::iter(std::iter::from_fn(step)).boxed()
            }
            Self::Live(script) => match lock(&script).take() {
                Some(script) => stream::unfold(script, async |mut script: mpsc::Receiver<Step>| {
                    Some((script.recv().await?, script))
                })
                .boxed(),
                None => stream::iter([Step::Fail(ErrorKind::Rejected)]).boxed(),
            },
        }
    }
}

/// The steps that are left of an answer.
struct Play {
    steps: BoxStream<'static, Step>,
    finished: bool,
    ended: bool,
}

fn play(steps: BoxStream<'static, Step>) -> Answer {
    let play = Play { steps, finished: false, ended: false };
    stream::unfold(play, async |mut play: Play| Some((play.next().await?, play))).boxed()
}

impl Play {
    async fn next(&mut self) -> Option<Result<Delta, Error>> {
        while !self.ended {
            let delta = match self.steps.next().await {
                Some(Step::Wait(wait)) => {
                    tokio::time::sleep(wait).await;
                    continue;
                }
                Some(Step::Hang) => std::future::pending().await,
                Some(Step::Text(text) | Step::Reasoning(text)) if text.is_empty() => continue,
                Some(Step::Text(text)) => Delta::Text(text),
                Some(Step::Reasoning(text)) => Delta::Reasoning(text),
                Some(Step::Usage(tokens)) => Delta::Usage(tokens),
                Some(Step::Finish(finish)) => {
                    self.finished = true;
                    Delta::Finish(finish)
                }
                Some(Step::Fail(kind)) => return Some(Err(self.fail(kind, "as the script says"))),
                None if self.finished => return None,
                None => return Some(Err(self.fail(ErrorKind::Broken, "the script broke off"))),
            };
            return Some(Ok(delta));
        }
        None
    }

    fn fail(&mut self, kind: ErrorKind, detail: &str) -> Error {
        self.ended = true;
        Error::new(kind, detail)
    }
}

/// Writes a live script by hand. Dropping it unfinished breaks the answer off.
#[derive(Debug)]
pub struct Pen {
    steps: mpsc::Sender<Step>,
}

impl Pen {
    /// Plays a step, as soon as there is room for it: one step may wait for its reader. `false`
    /// when nobody reads any more.
    pub async fn play(&self, step: Step) -> bool {
        self.steps.send(step).await.is_ok()
    }

    /// Writes text.
    pub async fn write(&self, text: &str) -> bool {
        self.play(Step::Text(text.to_owned())).await
    }

    /// Stops, being done.
    pub async fn finish(self) -> bool {
        self.play(Step::Finish(Finish::Stop)).await
    }

    /// Fails.
    pub async fn fail(self, kind: ErrorKind) -> bool {
        self.play(Step::Fail(kind)).await
    }

    /// Waits until the answer is dropped.
    pub async fn dropped(&self) {
        self.steps.closed().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
