use leptos::prelude::*;
use protocol::{Event, Snapshot};

use super::{
    guards::Timer,
    panes::{Panes, TextId},
    progress_rule::ProgressRule,
    timings_cache,
};
use crate::{
    browser,
    document::TextField,
    follow::Change,
    generation_view::{GenerationView, Phase},
    scroll_anchor::is_text_end_below,
};

/// The least time between two writes to the panes, in milliseconds: the first text comes at once,
/// and a fast model costs no more than a render each so often.
const PACE_MS: f64 = 50.0;

/// How long what was written before the reader came may take to arrive, in milliseconds.
const ARRIVAL_MS: f64 = 1_000.0;

/// A generation as it is shown while it is followed.
pub(super) struct LiveView {
    run: GenerationView,
    /// Owns the signals of fields that begin while it is followed.
    owner: Owner,
    panes: Panes,
    /// The text that bears the caret.
    busy: Option<TextField>,
    rule: Option<ProgressRule>,
    /// The next time that text is written, when there is some.
    pub(super) planned: Option<Timer>,
    flushed_ms: f64,
    /// Unicode scalar values of all texts.
    chars: u64,
    /// When it was started, by the page's clock. Not known of what was started elsewhere: the
    /// server's clock may be another.
    begun_ms: Option<f64>,
    /// When the reader came.
    joined_ms: f64,
    /// Time and characters from which the speed is counted where the first text was not seen.
    counted_from: Option<(f64, u64)>,
    /// Whether the first text was, or will be, seen to come.
    from_beginning: bool,
}

impl LiveView {
    pub(super) fn new(
        run: GenerationView,
        snapshot: &Snapshot,
        begun_ms: Option<f64>,
        rule: ProgressRule,
    ) -> Self {
        let from_beginning = begun_ms.is_some();
        let begun_ms = begun_ms.or_else(|| timings_cache::begun_ms(&snapshot.id));
        Self {
            run,
            owner: Owner::new(),
            panes: Panes::new(),
            busy: run.text_being_written(),
            rule: Some(rule),
            planned: None,
            flushed_ms: 0.0,
            chars: snapshot.document.chars(),
            begun_ms: begun_ms.map(on_page_clock),
            joined_ms: browser::clock_ms(),
            counted_from: None,
            from_beginning,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.run.phase.with_untracked(Phase::is_over)
    }

    /// Whether there is text to be written.
    pub(super) fn has_grown(&self) -> bool {
        self.panes.has_grown()
    }

    /// Shows a change. `snapshot` is the generation as it stands.
    pub(super) fn show(&mut self, change: Change, snapshot: &Snapshot) {
        self.chars = snapshot.document.chars();
        let owner = self.owner.clone();
        owner.with(|| match change {
            Change::Applied(event) => self.show_event(&event, snapshot),
            Change::Extended => {
                self.run.document.catch_up(snapshot);
                self.show_snapshot(snapshot);
            }
            Change::Replaced => {
                self.panes.restart(self.run.reasoning);
                self.run.document.replace(snapshot);
                self.show_snapshot(snapshot);
            }
            Change::Lost => self.run.resyncs.update(|resyncs| *resyncs += 1),
            Change::Outage(seconds) => self.run.set_outage(seconds),
            Change::Gone => self.enter(Phase::Gone, snapshot),
        });
    }

    fn show_event(&mut self, event: &Event, snapshot: &Snapshot) {
        if event.is_terminal() {
            self.tick();
        }
        let run = self.run;
        run.document.apply(event, &snapshot.shape);
        match event {
            Event::Started(started) => {
                run.author.set((started.provider.clone(), started.model.clone()));
                run.host.set(started.host.clone());
                run.shape.set(started.shape.clone());
            }
            Event::Reasoning(_) => {
                self.panes.grow(TextId::Reasoning, run.reasoning, snapshot);
            }
            Event::FieldDelta(delta) => {
                let field = run.document.find(&delta.path);
                if let Some((path, text)) =
                    field.and_then(|all| all.text().map(|text| (all.path, text)))
                {
                    self.panes.grow(TextId::Field(path), text, snapshot);
                }
                run.note_content(snapshot);
                self.note_first_text();
            }
            Event::FieldSet(_) => run.note_content(snapshot),
            Event::FieldCompleted(field) => {
                if let Some(text) = run.document.find_text(&field.path) {
                    text.note(snapshot.document.text_at(&field.path));
                }
            }
            Event::Notice(notice) => run.notices.update(|all| all.push(notice.clone())),
            Event::Completed(completed) => {
                run.coverage.set(Some(completed.coverage));
                run.evidence.set(snapshot.evidence.clone());
                run.figures.update(|figures| figures.settle(completed.timings));
            }
            _ => {}
        }
        match Phase::after(event) {
            // The page does not show what nobody asked for.
            Some(Phase::Writing(path)) if run.document.find(&path).is_none() => {}
            Some(phase) => self.enter(phase, snapshot),
            None => {}
        }
    }

    fn show_snapshot(&mut self, snapshot: &Snapshot) {
        let run = self.run;
        for (path, text) in run.document.texts() {
            text.note(snapshot.document.text_at(&path));
            self.panes.grow(TextId::Field(path), text, snapshot);
        }
        self.panes.grow(TextId::Reasoning, run.reasoning, snapshot);
        run.note_content(snapshot);
        self.note_first_text();
        if run.shape.with_untracked(|shape| *shape != snapshot.shape) {
            run.shape.set(snapshot.shape.clone());
        }
        run.coverage.set(snapshot.coverage);
        run.evidence.set(snapshot.evidence.clone());
        run.notices.set(snapshot.notices.clone());
        if let Some(timings) = snapshot.timings {
            self.tick();
            run.figures.update(|figures| figures.settle(timings));
        }
        self.enter(Phase::of(snapshot), snapshot);
    }

    fn enter(&mut self, phase: Phase, snapshot: &Snapshot) {
        if self.run.phase.with_untracked(|now| *now != phase) {
            self.run.phase.set(phase);
        }
        self.move_caret();
        if self.is_over() {
            self.finish(snapshot);
        }
    }

    /// Takes the caret to the text that is being written.
    fn move_caret(&mut self) {
        let next = self.run.text_being_written();
        if let Some(text) = self.busy.take() {
            text.is_busy.set(false);
        }
        if let Some(text) = next {
            text.is_busy.set(true);
        }
        self.busy = next;
    }

    /// Takes the time when the first text is there.
    fn note_first_text(&mut self) {
        let known = self.run.figures.with_untracked(|figures| figures.first_text_ms.is_some());
        if known || !self.from_beginning || self.chars == 0 {
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
        let (chars, elapsed_ms) = (self.chars, self.elapsed_ms());
        let now_ms = browser::clock_ms();
        if now_ms - self.joined_ms >= ARRIVAL_MS {
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
    pub(super) fn flush(&mut self, snapshot: &Snapshot) {
        self.planned = None;
        self.flushed_ms = browser::clock_ms();
        self.panes.flush(snapshot);
        let is_below = !self.is_over() && is_text_end_below();
        if self.run.goes_on_below.get_untracked() != is_below {
            self.run.goes_on_below.set(is_below);
        }
        if self.is_over() {
            self.panes.finish();
        }
    }

    /// Writes the rest and lets everything rest.
    fn finish(&mut self, snapshot: &Snapshot) {
        self.flush(snapshot);
        self.rule = None;
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
