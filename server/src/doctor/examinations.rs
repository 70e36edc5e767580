use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use llm::Provider;
use protocol::Examination;
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use super::{Finding, Language, checks, examination};

/// How long findings are shown before a provider is asked again unbidden.
const FRESH: Duration = Duration::from_secs(10 * 60);

/// How long a caller waits for the next finding.
const PATIENCE: Duration = Duration::from_secs(5);

/// The examinations of the providers: one of each at a time, which all who look share.
#[derive(Clone, Default)]
pub(crate) struct Examinations {
    running: Arc<Mutex<HashMap<String, Running>>>,
}

struct Running {
    began: Instant,
    progress: watch::Receiver<Progress>,
    _task: AbortOnDropHandle<()>,
}

/// How far an examination is.
#[derive(Clone, Default)]
struct Progress {
    findings: Vec<Finding>,
    done: bool,
}

/// What the page wants to see.
pub(crate) struct Look {
    /// Whether to examine anew what is done.
    pub(crate) again: bool,
    /// How many findings are known: it is answered once there are more, or after a while.
    pub(crate) seen: usize,
    pub(crate) language: Language,
    /// How much a model is taken to read where nobody says.
    pub(crate) assumed: u64,
}

impl Examinations {
    /// How a provider is, as far as is known by now.
    pub(crate) async fn look(&self, provider: Arc<dyn Provider>, look: Look) -> Examination {
        let mut progress = self.progress(&provider, &look);
        let is_news = |progress: &Progress| progress.done || progress.findings.len() > look.seen;
        // Whoever has waited for long sees what there is; and so does everyone once it has ended.
        let _ = timeout(PATIENCE, progress.wait_for(is_news)).await;
        let Progress { findings, done } = progress.borrow().clone();
        examination(&*provider, &findings, done, look.language)
    }

    fn progress(&self, provider: &Arc<dyn Provider>, look: &Look) -> watch::Receiver<Progress> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = running.get(provider.name()) {
            let is_done = known.progress.borrow().done;
            if !is_done || (!look.again && known.began.elapsed() < FRESH) {
                return known.progress.clone();
            }
        }
        let (sender, progress) = watch::channel(Progress::default());
        let (examined, assumed) = (Arc::clone(provider), look.assumed);
        let task = tokio::spawn(async move {
            checks::examine(&*examined, assumed, |finding| {
                sender.send_modify(|progress| progress.findings.push(finding));
            })
            .await;
            sender.send_modify(|progress| progress.done = true);
        });
        let began = Instant::now();
        let progress_seen = progress.clone();
        let entry = Running { began, progress, _task: AbortOnDropHandle::new(task) };
        running.insert(provider.name().to_owned(), entry);
        progress_seen
    }
}
