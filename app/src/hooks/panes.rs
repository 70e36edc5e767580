use leptos::prelude::*;
use protocol::Snapshot;

use super::pane::Pane;
use crate::{
    generation_view::{Field, GenerationView},
    scroll_anchor::ScrollAnchor,
};

/// The elements that text is written to, and the fields that hold the same text.
pub(super) struct Panes {
    pub(super) title: Pane,
    pub(super) summary: Pane,
    pub(super) reasoning: Pane,
}

impl Panes {
    /// Appends to the field at `path`, when the page shows it.
    pub(super) fn append(&mut self, run: GenerationView, path: &str, text: &str) {
        let pane = match path {
            "/title" => &mut self.title,
            "/summary" => &mut self.summary,
            _ => return,
        };
        pane.push(text);
        if let Some(field) = run.field(path) {
            field.append(text);
        }
    }

    pub(super) fn append_reasoning(&mut self, run: GenerationView, text: &str) {
        self.reasoning.push(text);
        run.reasoning.append(text);
    }

    /// Brings all to what the snapshot says.
    pub(super) fn rewrite(&mut self, run: GenerationView, snapshot: &Snapshot) {
        rewrite(run.title, &mut self.title, snapshot.text("title"));
        rewrite(run.summary, &mut self.summary, snapshot.text("summary"));
        rewrite(run.reasoning, &mut self.reasoning, &snapshot.reasoning);
    }

    /// Writes what has arrived, and goes along with the end if the reader is there.
    pub(super) fn flush(&mut self) {
        let anchor = ScrollAnchor::of_reader();
        self.each(Pane::flush);
        anchor.keep();
    }

    /// Lets everything rest.
    pub(super) fn finish(&mut self) {
        self.each(Pane::finish);
    }

    fn each(&mut self, act: impl Fn(&mut Pane)) {
        for pane in [&mut self.reasoning, &mut self.title, &mut self.summary] {
            act(pane);
        }
    }
}

/// Brings a field to `text`: by its end alone, where it begins as it should.
fn rewrite(field: Field, pane: &mut Pane, text: &str) {
    let rest = field.text.with_value(|known| text.strip_prefix(known.as_str()));
    match rest {
        Some("") => return,
        Some(rest) => pane.push(rest),
        None => pane.replace(text),
    }
    field.replace(text);
}
