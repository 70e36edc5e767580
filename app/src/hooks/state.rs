use leptos::prelude::*;
use protocol::{Event, Snapshot};
use web_sys::HtmlElement;

use super::{
    backoff::Backoff,
    connection::Connection,
    guards::{Frame, Ticker},
    pane::Pane,
};
use crate::{
    browser,
    run::{Field, Phase, Run},
};

/// Where a generation is followed from.
#[derive(Clone)]
pub(crate) struct Start {
    pub(crate) id: String,
    pub(crate) cursor: u64,
    /// By the browser's clock, in milliseconds since the Unix epoch.
    pub(crate) begun_ms: f64,
    /// Whether the reader saw it begin, so that the time to its first text can be taken.
    pub(crate) from_beginning: bool,
}

/// The elements that text is written to.
pub(super) struct Panes {
    pub(super) title: Pane,
    pub(super) summary: Pane,
    pub(super) reasoning: Pane,
    pub(super) fields: HtmlElement,
    pub(super) thread: HtmlElement,
}

/// A generation as it is folded from its events, and the connection that they come by.
pub(super) struct State {
    pub(super) run: Run,
    pub(super) start: Start,
    pub(super) panes: Panes,
    pub(super) backoff: Backoff,
    /// Whether the server's last answer was no stream.
    pub(super) refused: bool,
    pub(super) connection: Option<Connection>,
    pub(super) retry: Option<Ticker>,
    pub(super) frame: Option<Frame>,
    chars: u64,
}

impl State {
    pub(super) fn new(run: Run, start: Start, panes: Panes) -> Self {
        Self {
            chars: run.figures.get_untracked().chars,
            run,
            start,
            panes,
            backoff: Backoff::default(),
            refused: false,
            connection: None,
            retry: None,
            frame: None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.run.phase.with_untracked(Phase::is_over)
    }

    /// Closes the connection and forgets any attempt to open another.
    pub(super) fn close(&mut self) {
        self.connection = None;
        self.retry = None;
        self.frame = None;
    }

    /// Folds one event in.
    pub(super) fn fold(&mut self, event: &Event) {
        if event.is_terminal() {
            self.tick();
        }
        match event {
            Event::Started(started) => {
                self.run.author.set((started.provider.clone(), started.model.clone()));
            }
            Event::Reasoning(reasoning) => {
                self.run.reasoning.append(&reasoning.text);
                self.panes.reasoning.push(&reasoning.text);
            }
            Event::FieldDelta(delta) => self.append(&delta.path, &delta.text),
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
    }

    /// Takes over how a generation ended, from a snapshot that is ahead of the events.
    pub(super) fn adopt(&mut self, snapshot: &Snapshot) {
        for path in ["title", "summary"] {
            let known = |field: Field| field.text.with_value(String::len);
            let pointer = format!("/{path}");
            let known = self.run.field(&pointer).map_or(0, known);
            if let Some(rest) = snapshot.text(path).get(known..).filter(|rest| !rest.is_empty()) {
                self.append(&pointer, rest);
            }
            if let Some(field) = self.run.field(&pointer) {
                field.is_final.set(snapshot.is_completed(&pointer));
            }
        }
        self.start.cursor = snapshot.cursor;
        self.run.coverage.set(snapshot.coverage);
        if let Some(timings) = snapshot.timings {
            self.run.figures.update(|figures| figures.settle(timings));
        }
        self.enter(Phase::of(snapshot));
        self.finish();
    }

    /// Takes note that the generation was deleted.
    pub(super) fn vanish(&mut self) {
        self.enter(Phase::Gone);
        self.finish();
    }

    fn append(&mut self, path: &str, text: &str) {
        let pane = match path {
            "/title" => &mut self.panes.title,
            "/summary" => &mut self.panes.summary,
            _ => return,
        };
        pane.push(text);
        if let Some(field) = self.run.field(path) {
            field.append(text);
        }
        let first = self.chars == 0;
        self.chars += text.chars().count() as u64;
        if first && self.start.from_beginning {
            let after_ms = self.elapsed_ms();
            self.run.figures.update(|figures| {
                figures.first_text_ms = Some(after_ms);
                figures.elapsed_ms = after_ms;
            });
        }
    }

    fn enter(&mut self, phase: Phase) {
        if self.run.phase.with_untracked(|now| *now != phase) {
            self.run.phase.set(phase);
        }
    }

    fn elapsed_ms(&self) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
        let elapsed = (browser::now_ms() - self.start.begun_ms).max(0.0) as u64;
        elapsed
    }

    /// Reads the clock.
    pub(super) fn tick(&mut self) {
        if self.is_over() {
            return;
        }
        let (chars, elapsed_ms) = (self.chars, self.elapsed_ms());
        self.run.figures.update(|figures| {
            figures.chars = chars;
            figures.elapsed_ms = elapsed_ms;
        });
    }

    /// Writes what has arrived, and goes along with the end if the reader is there.
    pub(super) fn flush(&mut self) {
        self.frame = None;
        let follows = browser::is_at_end();
        let height = self.panes.fields.offset_height();
        let scale = format!("scaleY({height})");
        let _ = self.panes.thread.style().set_property("transform", &scale);
        self.panes.reasoning.flush();
        self.panes.title.flush();
        self.panes.summary.flush();
        if follows {
            browser::go_to_end();
        }
    }

    /// Writes the rest and lets everything rest.
    pub(super) fn finish(&mut self) {
        self.flush();
        self.close();
        for pane in [&mut self.panes.reasoning, &mut self.panes.title, &mut self.panes.summary] {
            pane.finish();
        }
        let _ = self.panes.thread.style().remove_property("transform");
        self.run.outage.set(None);
    }
}
