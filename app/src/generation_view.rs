mod figures;
mod phase;
mod snapshot_source;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Coverage, Evidence, Notice, Snapshot, escape};
use serde_json::Value;

pub(crate) use figures::Figures;
pub(crate) use phase::{Phase, top_level};
use snapshot_source::SnapshotSource;

use crate::{
    document::{
        Field, Fields, Formatted, TextField, label,
        markdown::{Part, Writer},
        members,
    },
    follow::Driver,
    messages::Locale,
};

/// What the page knows of the generation on the sheet: coarse signals for what changes now and
/// then. The texts, which change all the time, are read from the snapshot.
#[derive(Clone, Copy)]
pub(crate) struct GenerationView {
    pub(crate) phase: RwSignal<Phase>,
    pub(crate) is_over: Memo<bool>,
    /// Seconds until the next attempt, while the connection is lost.
    pub(crate) outage: RwSignal<Option<u32>>,
    /// The shape's name.
    pub(crate) shape: RwSignal<String>,
    pub(crate) document: Fields,
    /// The texts that are Markdown, once they are whole.
    pub(crate) formatted: RwSignal<Formatted>,
    /// Whether anything of the document is there.
    pub(crate) has_begun: RwSignal<bool>,
    pub(crate) reasoning: TextField,
    /// Names of provider and model.
    pub(crate) author: RwSignal<(String, String)>,
    /// Host and port of the provider; none when nothing left the server.
    pub(crate) host: RwSignal<Option<String>>,
    /// Characters of the source.
    pub(crate) input_chars: u64,
    /// When it was created, in milliseconds since the Unix epoch.
    pub(crate) created_ms: u64,
    pub(crate) figures: RwSignal<Figures>,
    pub(crate) coverage: RwSignal<Option<Coverage>>,
    /// Whether the text goes on below what is seen.
    pub(crate) goes_on_below: RwSignal<bool>,
    /// Where the sentences come from, once it is done.
    pub(crate) evidence: RwSignal<Vec<Evidence>>,
    /// What the reader should know beside.
    pub(crate) notices: RwSignal<Vec<Notice>>,
    /// How often something was lost on the way, and the snapshot taken in its place.
    pub(crate) resyncs: RwSignal<u64>,
    source: StoredValue<SnapshotSource>,
}

impl GenerationView {
    pub(crate) fn of(snapshot: &Arc<Snapshot>) -> Self {
        let chars = snapshot.document.chars();
        let mut figures = Figures { chars, ..Figures::default() };
        if let Some(timings) = snapshot.timings {
            figures.settle(timings);
        }
        let phase = RwSignal::new(Phase::of(snapshot));
        let view = Self {
            phase,
            is_over: Memo::new(move |_| phase.with(Phase::is_over)),
            outage: RwSignal::new(None),
            shape: RwSignal::new(snapshot.shape.clone()),
            document: Fields::of(snapshot),
            formatted: RwSignal::new(Formatted::new()),
            has_begun: RwSignal::new(has_begun(snapshot)),
            reasoning: TextField::of(&snapshot.reasoning),
            author: RwSignal::new((snapshot.provider.clone(), snapshot.model.clone())),
            host: RwSignal::new(snapshot.host.clone()),
            input_chars: snapshot.input_chars,
            created_ms: snapshot.created_ms,
            figures: RwSignal::new(figures),
            coverage: RwSignal::new(snapshot.coverage),
            goes_on_below: RwSignal::new(false),
            evidence: RwSignal::new(snapshot.evidence.clone()),
            notices: RwSignal::new(snapshot.notices.clone()),
            resyncs: RwSignal::new(0),
            source: StoredValue::new(SnapshotSource::Loaded(snapshot.clone())),
        };
        if let Some(text) = view.text_being_written() {
            text.is_busy.set(true);
        }
        view
    }

    /// The text that is being written in this phase.
    pub(crate) fn text_being_written(self) -> Option<TextField> {
        self.phase.with_untracked(|phase| match phase {
            Phase::Thinking => Some(self.reasoning),
            Phase::Writing(path) => self.document.find_text(path),
            _ => None,
        })
    }

    /// Reads the snapshot as it stands. None when the view is gone.
    pub(crate) fn read<T>(self, read: impl FnOnce(&Snapshot) -> T) -> Option<T> {
        self.source.try_with_value(|source| source.read(read)).flatten()
    }

    /// Whether the snapshot is what the page was loaded with.
    pub(crate) fn is_loaded(self) -> bool {
        self.source.with_value(|source| matches!(source, SnapshotSource::Loaded(_)))
    }

    /// From now on the snapshot is this driver's.
    pub(crate) fn follow(self, driver: StoredValue<Driver, LocalStorage>) {
        self.source.set_value(SnapshotSource::Followed(driver));
    }

    /// The text at `path` as it stands, empty when there is none.
    pub(crate) fn text_at(self, path: &str) -> String {
        self.read(|snapshot| snapshot.document.text_at(path).to_owned()).unwrap_or_default()
    }

    /// What the field at `path` is called.
    pub(crate) fn label(self, path: &str, locale: Locale) -> String {
        self.shape.with(|shape| label(shape, path, locale.0.get()))
    }

    /// The whole document as Markdown.
    pub(crate) fn markdown(self, locale: Locale) -> String {
        let (fields, named) = untrack(|| (self.document.get(), self.document.need_names()));
        self.write(locale, |writer, snapshot| {
            let part = |field: &Field| {
                let value = snapshot.document.root().pointer(&field.path)?;
                let label = untrack(|| self.label(&field.path, locale));
                Some(Part { label, is_title: field.is_title(), value })
            };
            writer.document(&fields.iter().filter_map(part).collect::<Vec<_>>(), named)
        })
    }

    /// The whole document without marks: its fields, each a paragraph or more.
    pub(crate) fn plain_text(self, locale: Locale) -> String {
        let fields = untrack(|| self.document.get());
        let texts = fields.iter().map(|field| self.field_as_text(&field.path, locale));
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// The field at `path` as a text of its own.
    pub(crate) fn field_as_text(self, path: &str, locale: Locale) -> String {
        self.write(locale, |writer, snapshot| {
            snapshot
                .document
                .root()
                .pointer(path)
                .map_or_else(String::new, |value| writer.field(value))
        })
    }

    /// The field at `path` on one line.
    pub(crate) fn inline(self, path: &str, locale: Locale) -> String {
        self.write(locale, |writer, snapshot| {
            snapshot
                .document
                .root()
                .pointer(path)
                .map_or_else(String::new, |value| writer.inline(value))
        })
    }

    fn write(self, locale: Locale, write: impl FnOnce(&Writer<'_>, &Snapshot) -> String) -> String {
        let name = |name: &str| untrack(|| self.label(&format!("/{}", escape(name)), locale));
        let writer = Writer { messages: locale.messages_untracked(), label: &name };
        self.read(|snapshot| write(&writer, snapshot)).unwrap_or_default()
    }

    /// The document's title, tracked.
    pub(crate) fn title(self) -> Option<Field> {
        self.document.title()
    }

    /// Whether it ended before the document was whole.
    pub(crate) fn is_cut_short(self) -> bool {
        self.is_over.get() && self.phase.with(|phase| *phase != Phase::Completed)
    }

    pub(crate) fn set_outage(self, seconds: Option<u32>) {
        if self.outage.get_untracked() != seconds {
            self.outage.set(seconds);
        }
    }

    /// Notes whether the document has anything in it, once it has.
    pub(crate) fn note_content(self, snapshot: &Snapshot) {
        if !self.has_begun.get_untracked() && has_begun(snapshot) {
            self.has_begun.set(true);
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

fn has_begun(snapshot: &Snapshot) -> bool {
    members(snapshot).into_iter().any(|(_, value)| has_content(value))
}

/// Whether there is any text, number or boolean in a value.
fn has_content(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(has_content),
        Value::Object(members) => members.values().any(has_content),
    }
}
