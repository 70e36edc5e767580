use leptos::{html, prelude::*};
use protocol::{Coverage, Event, Failure, Progress, Snapshot, Status, Timings};

/// What is happening to the generation on the sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Asked for, not yet begun.
    Connecting,
    /// As many generations have their turn first.
    Waiting(u64),
    /// The text is being read; with the part and the number of parts when it is long.
    Reading(Option<(u64, u64)>),
    Thinking,
    WritingTitle,
    WritingSummary,
    Completed,
    Stopped,
    Failed(Failure),
    /// Deleted while it was followed.
    Gone,
}

impl Phase {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        match (snapshot.status, &snapshot.error) {
            (Status::Completed, _) => Self::Completed,
            (Status::Stopped, _) => Self::Stopped,
            (Status::Failed, Some(failure)) => Self::Failed(failure.clone()),
            _ if snapshot.document.root().get("summary").is_some() => Self::WritingSummary,
            _ if snapshot.document.root().get("title").is_some() => Self::WritingTitle,
            _ if !snapshot.reasoning.is_empty() => Self::Thinking,
            _ => match &snapshot.progress {
                Some(progress) => Self::at(progress),
                None if snapshot.cursor > 0 => Self::Reading(None),
                None => Self::Connecting,
            },
        }
    }

    fn at(progress: &Progress) -> Self {
        let Progress { stage, done, total } = progress;
        match total {
            ahead @ 1.. if stage == Progress::QUEUED => Self::Waiting(*ahead),
            2.. => Self::Reading(Some(((done + 1).min(*total), *total))),
            _ => Self::Reading(None),
        }
    }

    /// The phase that `event` leads to, when it leads to another.
    pub(crate) fn after(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Started(_) => Self::Reading(None),
            Event::Progress(progress) => Self::at(progress),
            Event::Reasoning(_) => Self::Thinking,
            Event::FieldStarted(field) if field.path == "/title" => Self::WritingTitle,
            Event::FieldStarted(field) if field.path == "/summary" => Self::WritingSummary,
            Event::Completed(_) => Self::Completed,
            Event::Stopped {} => Self::Stopped,
            Event::Failed(failure) => Self::Failed(failure.clone()),
            _ => return None,
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Stopped | Self::Failed(_) | Self::Gone)
    }

    /// The word for tests and styles.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Waiting(_) => "waiting",
            Self::Reading(_) | Self::Thinking => "reading",
            Self::WritingTitle | Self::WritingSummary => "writing",
            Self::Completed => "completed",
            Self::Stopped => "stopped",
            Self::Failed(_) | Self::Gone => "failed",
        }
    }
}

/// A text that grows: whole in `text`, and piece by piece in the element `node`, which
/// only its pane writes to.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) text: StoredValue<String>,
    pub(crate) begun: RwSignal<bool>,
    pub(crate) is_final: RwSignal<bool>,
    pub(crate) node: NodeRef<html::Div>,
}

impl Field {
    fn new(text: &str, is_final: bool) -> Self {
        Self {
            text: StoredValue::new(text.to_owned()),
            begun: RwSignal::new(!text.is_empty()),
            is_final: RwSignal::new(is_final),
            node: NodeRef::new(),
        }
    }

    pub(crate) fn append(self, piece: &str) {
        self.text.update_value(|text| text.push_str(piece));
        self.begin();
    }

    pub(crate) fn replace(self, text: &str) {
        self.text.set_value(text.to_owned());
        self.begin();
    }

    fn begin(self) {
        if !self.begun.get_untracked() {
            self.begun.set(true);
        }
    }
}

/// Figures of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) first_text_ms: Option<u64>,
    pub(crate) elapsed_ms: Option<u64>,
    /// Unicode scalar values of title and summary.
    pub(crate) chars: u64,
    /// Milliseconds in which the reader saw it grow, and by how many characters.
    pub(crate) seen: Option<(u64, u64)>,
}

impl Figures {
    /// Takes what the server has measured. What the reader has seen already stays, unless it
    /// cannot be true beside that: the server counts from when it had its turn.
    pub(crate) fn settle(&mut self, timings: Timings) {
        let own = self.first_text_ms.filter(|own_ms| *own_ms <= timings.total_ms);
        self.first_text_ms = own.or(timings.first_text_ms);
        self.elapsed_ms = Some(timings.total_ms);
    }

    /// Takes what was measured before. Times of zero are none.
    pub(crate) fn recall(&mut self, timings: Timings) {
        self.first_text_ms = self.first_text_ms.or(timings.first_text_ms);
        self.elapsed_ms = self.elapsed_ms.or((timings.total_ms > 0).then_some(timings.total_ms));
    }

    /// Characters a second since the first text, or since the reader came later; none before
    /// there is a rate to speak of.
    pub(crate) fn rate(&self) -> Option<u64> {
        let measured = self.elapsed_ms.zip(self.first_text_ms);
        let since_first_text = measured
            .map(|(elapsed_ms, first_ms)| (elapsed_ms.saturating_sub(first_ms), self.chars));
        let (writing_ms, chars) = since_first_text.or(self.seen)?;
        (writing_ms >= 20 && chars > 0).then(|| chars * 1_000 / writing_ms)
    }
}

/// What the page knows of the generation on the sheet: coarse signals for what changes now and
/// then, plain text for what changes all the time.
#[derive(Clone, Copy)]
pub(crate) struct GenerationView {
    pub(crate) phase: RwSignal<Phase>,
    /// Seconds until the next attempt, while the connection is lost.
    pub(crate) outage: RwSignal<Option<u32>>,
    pub(crate) title: Field,
    pub(crate) summary: Field,
    pub(crate) reasoning: Field,
    /// Names of provider and model.
    pub(crate) author: RwSignal<(String, String)>,
    pub(crate) figures: RwSignal<Figures>,
    pub(crate) coverage: RwSignal<Option<Coverage>>,
    /// How often something was lost on the way, and the snapshot taken in its place.
    pub(crate) resyncs: RwSignal<u64>,
}

impl GenerationView {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let (title, summary) = (snapshot.text("title"), snapshot.text("summary"));
        let chars = title.chars().count() + summary.chars().count();
        let mut figures = Figures { chars: chars as u64, ..Figures::default() };
        if let Some(timings) = snapshot.timings {
            figures.settle(timings);
        }
        Self {
            phase: RwSignal::new(Phase::of(snapshot)),
            outage: RwSignal::new(None),
            title: Field::new(title, snapshot.is_completed("/title")),
            summary: Field::new(summary, snapshot.is_completed("/summary")),
            reasoning: Field::new(&snapshot.reasoning, false),
            author: RwSignal::new((snapshot.provider.clone(), snapshot.model.clone())),
            figures: RwSignal::new(figures),
            coverage: RwSignal::new(snapshot.coverage),
            resyncs: RwSignal::new(0),
        }
    }

    /// The field at `path`, when the page shows it.
    pub(crate) fn field(self, path: &str) -> Option<Field> {
        match path {
            "/title" => Some(self.title),
            "/summary" => Some(self.summary),
            _ => None,
        }
    }

    /// Whether anything of the document is there.
    pub(crate) fn has_begun(self) -> bool {
        self.title.begun.get() || self.summary.begun.get()
    }

    pub(crate) fn set_outage(self, seconds: Option<u32>) {
        if self.outage.get_untracked() != seconds {
            self.outage.set(seconds);
        }
    }

    /// The phase's word, or that of an outage.
    pub(crate) fn state(self) -> &'static str {
        let phase = self.phase.get();
        if self.outage.get().is_some() && !phase.is_over() {
            return "reconnecting";
        }
        phase.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_the_one_being_read() {
        let at = |done| {
            let progress = Progress { stage: "reading".to_owned(), done, total: 7 };
            Phase::after(&Event::Progress(progress))
        };
        assert_eq!(at(2), Some(Phase::Reading(Some((3, 7)))));
        assert_eq!(at(7), Some(Phase::Reading(Some((7, 7)))));
    }

    #[test]
    fn who_waits_knows_how_many_are_ahead() {
        let ahead = |total| {
            let progress = Progress { stage: Progress::QUEUED.to_owned(), done: 0, total };
            Phase::after(&Event::Progress(progress))
        };
        assert_eq!(ahead(1), Some(Phase::Waiting(1)));
        assert_eq!(ahead(0), Some(Phase::Reading(None)));
    }

    #[test]
    fn the_rate_counts_from_the_first_text_or_else_from_what_was_seen() {
        let late = Figures { chars: 300, seen: Some((1_000, 200)), ..Figures::default() };
        assert_eq!(late.rate(), Some(200));
        let figures = Figures { first_text_ms: Some(500), elapsed_ms: Some(2_500), ..late };
        assert_eq!(figures.rate(), Some(150));
        let unseen = Figures { seen: None, ..late };
        assert_eq!(unseen.rate(), None);
    }

    #[test]
    fn the_first_text_that_was_seen_stays_when_the_server_tells_its_own() {
        let timings = |total_ms| Timings { first_text_ms: Some(60), total_ms };
        let seen = Figures { first_text_ms: Some(110), ..Figures::default() };
        for (total_ms, first_text_ms) in [(300, 110), (80, 60)] {
            let mut figures = seen;
            figures.settle(timings(total_ms));
            assert_eq!(figures.first_text_ms, Some(first_text_ms));
            assert_eq!(figures.elapsed_ms, Some(total_ms));
        }
    }
}
