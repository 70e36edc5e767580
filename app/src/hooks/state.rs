use leptos::prelude::*;
use protocol::{Event, Follower, Snapshot, Step};

use super::{
    backoff::Backoff, guards::Planned, ledger, panes::Panes, report::Message,
    shared_line::SharedLine, thread::Thread,
};
use crate::{
    browser,
    run::{Phase, Run},
};

/// How many events are held back while a snapshot is asked for. When more come, the snapshot is
/// asked for once more.
const MOST_HELD: usize = 1_024;

/// Where a generation is followed from.
#[derive(Clone)]
pub(crate) struct Start {
    pub(crate) id: String,
    pub(crate) follower: Follower,
    /// When the reader started it, if this page did that, in milliseconds since the Unix epoch.
    pub(crate) begun_ms: Option<f64>,
}

/// The least time between two writes to the panes: the first text comes at once, and a fast model
/// costs no more than a render each so often.
const PACE_MS: f64 = 50.0;

/// How long what was written before the reader came may take to arrive.
const SETTLE_MS: f64 = 1_000.0;

/// A generation as it is folded from its events, and the line that they come by.
pub(super) struct State {
    pub(super) id: String,
    pub(super) run: Run,
    pub(super) follower: Follower,
    pub(super) line: Option<SharedLine>,
    /// The next time that the snapshot is asked for, after a failure.
    pub(super) retry: Option<Planned>,
    pub(super) backoff: Backoff,
    /// The next time that text is written, when there is some.
    pub(super) planned: Option<Planned>,
    flushed_ms: f64,
    /// When it was started, by the page's clock. Not known of what was started elsewhere: the
    /// server's clock may be another.
    begun_ms: Option<f64>,
    /// When the reader came.
    joined_ms: f64,
    /// Time and characters from which the speed is counted where the first text was not seen.
    counted_from: Option<(f64, u64)>,
    /// Whether the first text was, or will be, seen to come.
    from_beginning: bool,
    panes: Panes,
    thread: Option<Thread>,
    /// What comes while a snapshot is asked for.
    held: Option<Vec<Message>>,
}

impl State {
    pub(super) fn new(run: Run, start: Start, panes: Panes, thread: Thread) -> Self {
        let Start { id, follower, begun_ms } = start;
        let from_beginning = begun_ms.is_some();
        let begun_ms = begun_ms.or_else(|| ledger::begun_ms(&id)).map(on_page_clock);
        Self {
            id,
            run,
            follower,
            line: None,
            retry: None,
            backoff: Backoff::default(),
            planned: None,
            flushed_ms: 0.0,
            begun_ms,
            joined_ms: browser::clock_ms(),
            counted_from: None,
            from_beginning,
            panes,
            thread: Some(thread),
            held: None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.run.phase.with_untracked(Phase::is_over)
    }

    /// Leaves the line and forgets what is planned.
    pub(super) fn close(&mut self) {
        self.line = None;
        self.retry = None;
        self.planned = None;
        self.held = None;
    }

    /// Takes what came over the line.
    pub(super) fn take(&mut self, message: Message) -> Step {
        if let Some(held) = &mut self.held {
            if held.len() < MOST_HELD {
                held.push(message);
            }
            return Step::Repeated;
        }
        let cursor = self.follower.cursor();
        if message.id <= cursor || self.is_over() {
            return Step::Repeated;
        }
        if message.after != cursor {
            return Step::Lost;
        }
        self.run.set_outage(None);
        let event = message.event();
        let step = event.as_ref().map_or(Step::Lost, |event| self.follower.take(message.id, event));
        match (step, &event) {
            (Step::Applied, Some(event)) => self.show(event),
            (Step::Lost, _) => self.run.resyncs.update(|resyncs| *resyncs += 1),
            _ => {}
        }
        step
    }

    /// Holds events back from now on; false when they are held already.
    pub(super) fn hold(&mut self) -> bool {
        let begins = self.held.is_none() && !self.is_over();
        if begins {
            self.held = Some(Vec::new());
        }
        begins
    }

    /// What was held back.
    pub(super) fn release(&mut self) -> Vec<Message> {
        self.held.take().unwrap_or_default()
    }

    /// Shows what an event has changed.
    fn show(&mut self, event: &Event) {
        if event.is_terminal() {
            self.tick();
        }
        match event {
            Event::Started(started) => {
                self.run.author.set((started.provider.clone(), started.model.clone()));
            }
            Event::Reasoning(reasoning) => {
                self.panes.append_reasoning(self.run, &reasoning.text);
            }
            Event::FieldDelta(delta) => {
                self.panes.append(self.run, &delta.path, &delta.text);
                self.note_first_text();
            }
            Event::FieldCompleted(field) => {
                if let Some(field) = self.run.field(&field.path) {
                    field.is_final.set(true);
                }
            }
            Event::Completed(completed) => {
                self.run.coverage.set(Some(completed.coverage));
                self.run.figures.update(|figures| figures.settle(completed.timings));
            }
            _ => {}
        }
        if let Some(phase) = Phase::after(event) {
            self.enter(phase);
        }
        if event.is_terminal() {
            self.finish();
        }
    }

    /// Goes on from a snapshot that is ahead of the events, or in place of what was lost.
    pub(super) fn restart(&mut self, snapshot: &Snapshot) {
        if self.is_over() || snapshot.cursor < self.follower.cursor() {
            return;
        }
        self.follower.restart(snapshot.clone());
        self.panes.rewrite(self.run, snapshot);
        for path in ["/title", "/summary"] {
            let field = self.run.field(path).filter(|_| snapshot.is_completed(path));
            if let Some(field) = field.filter(|field| !field.is_final.get_untracked()) {
                field.is_final.set(true);
            }
        }
        self.note_first_text();
        self.run.coverage.set(snapshot.coverage);
        if let Some(timings) = snapshot.timings {
            self.tick();
            self.run.figures.update(|figures| figures.settle(timings));
        }
        self.enter(Phase::of(snapshot));
        if self.is_over() {
            self.finish();
        }
    }

    /// Takes note that the generation was deleted.
    pub(super) fn vanish(&mut self) {
        self.enter(Phase::Gone);
        self.finish();
    }

    fn enter(&mut self, phase: Phase) {
        if self.run.phase.with_untracked(|now| *now != phase) {
            self.run.phase.set(phase);
        }
    }

    /// Takes the time when the first text is there.
    fn note_first_text(&mut self) {
        let known = self.run.figures.with_untracked(|figures| figures.first_text_ms.is_some());
        if known || !self.from_beginning || self.follower.document().chars() == 0 {
            return;
        }
        let after_ms = self.elapsed_ms();
        self.run.figures.update(|figures| {
            figures.first_text_ms = after_ms;
            figures.elapsed_ms = after_ms;
        });
    }

    fn elapsed_ms(&self) -> Option<u64> {
        self.begun_ms.map(ms_since)
    }

    /// Reads the clock.
    pub(super) fn tick(&mut self) {
        if self.is_over() {
            return;
        }
        let (chars, elapsed_ms) = (self.follower.document().chars(), self.elapsed_ms());
        let now_ms = browser::clock_ms();
        if now_ms - self.joined_ms >= SETTLE_MS {
            self.from_beginning |= chars == 0;
            self.counted_from.get_or_insert((now_ms, chars));
        }
        let seen = self
            .counted_from
            .map(|(from_ms, from)| (ms_since(from_ms), chars.saturating_sub(from)));
        self.run.figures.update(|figures| {
            figures.chars = chars;
            figures.elapsed_ms = elapsed_ms;
            figures.seen = seen;
        });
    }

    /// How long the next flush is to wait for the last one, in milliseconds; not positive when it
    /// need not.
    pub(super) fn rest_ms(&self) -> f64 {
        self.flushed_ms + PACE_MS - browser::clock_ms()
    }

    /// Writes what has arrived, and goes along with the end if the reader is there.
    pub(super) fn flush(&mut self) {
        self.planned = None;
        self.flushed_ms = browser::clock_ms();
        self.panes.flush();
    }

    /// Writes the rest and lets everything rest.
    fn finish(&mut self) {
        self.flush();
        self.close();
        self.panes.finish();
        self.thread = None;
        self.run.set_outage(None);
    }
}

/// What the page's clock showed at a time since the Unix epoch.
fn on_page_clock(epoch_ms: f64) -> f64 {
    browser::clock_ms() - (browser::now_ms() - epoch_ms).max(0.0)
}

/// Whole milliseconds since a time by the page's clock.
fn ms_since(time_ms: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
    let passed = (browser::clock_ms() - time_ms).max(0.0) as u64;
    passed
}
