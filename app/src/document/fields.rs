use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Event, Shape, Snapshot, escape};
use serde_json::Value;

use super::{
    field::{Content, Field, Origin},
    text_field::TextField,
};

/// The fields of a document, the members of an object or the items of a list, in their order.
#[derive(Clone, Copy)]
pub(crate) struct Fields(RwSignal<Vec<Field>>);

impl Fields {
    pub(super) fn new(fields: Vec<Field>) -> Self {
        Self(RwSignal::new(fields))
    }

    /// The fields of the whole document.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        Self::new(fields_of(snapshot))
    }

    /// Shows another document in place of this one.
    pub(crate) fn replace(self, snapshot: &Snapshot) {
        self.0.set(fields_of(snapshot));
    }

    /// The fields, tracked.
    pub(crate) fn get(self) -> Vec<Field> {
        self.0.get()
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.with(Vec::is_empty)
    }

    /// The title, when the document has one, tracked.
    pub(crate) fn title(self) -> Option<Field> {
        self.0.with(|all| all.iter().find(|field| field.is_title()).cloned())
    }

    /// Whether there is more than a title and a text, so that names are needed to tell the fields
    /// apart.
    pub(crate) fn need_names(self) -> bool {
        self.0.with(|all| {
            let mut others = all.iter().filter(|field| !field.is_title());
            others.next().is_some_and(|field| field.text().is_none()) || others.next().is_some()
        })
    }

    /// The field at `path`, at any depth.
    pub(crate) fn find(self, path: &str) -> Option<Field> {
        let mut fields = Some(self);
        let mut found = None;
        for token in path.strip_prefix('/')?.split('/') {
            let field = fields?.child(token)?;
            fields = field.fields();
            found = Some(field);
        }
        found
    }

    /// The text at `path`.
    pub(crate) fn find_text(self, path: &str) -> Option<TextField> {
        self.find(path)?.text()
    }

    fn child(self, token: &str) -> Option<Field> {
        let index: Option<usize> = token.parse().ok();
        self.0.with_untracked(|all| {
            let item = index.and_then(|index| all.get(index)).filter(|item| item.token() == token);
            item.or_else(|| all.iter().find(|field| field.token() == token)).cloned()
        })
    }

    /// All texts with their paths.
    pub(crate) fn texts(self) -> Vec<(Arc<str>, TextField)> {
        let mut texts = Vec::new();
        let mut waiting = vec![self];
        while let Some(fields) = waiting.pop() {
            fields.0.with_untracked(|all| {
                for field in all {
                    waiting.extend(field.fields());
                    texts.extend(field.text().map(|text| (field.path.clone(), text)));
                }
            });
        }
        texts
    }

    /// Takes what an event says of the fields of a document of that shape. Texts of new fields are
    /// left to their panes.
    pub(crate) fn apply(self, event: &Event, shape: &str) {
        match event {
            Event::Started(started) => self.prepare(&started.shape),
            Event::FieldStarted(field) => {
                self.put(&field.path, &field.kind.empty(), shape, &Origin::arriving());
            }
            Event::FieldSet(field) => {
                self.put(&field.path, &field.value, shape, &Origin::whole(&field.path));
            }
            Event::FieldCompleted(field) => {
                if let Some(field) = self.find(&field.path) {
                    field.complete();
                }
            }
            _ => {}
        }
    }

    /// Gives the fields of a shape their places.
    fn prepare(self, shape: &str) {
        let fields = Shape::named(shape).map_or(&[][..], |shape| &shape.fields);
        let missing: Vec<_> =
            fields.iter().filter(|field| self.child(&escape(&field.name)).is_none()).collect();
        if !missing.is_empty() {
            self.0.update(|all| {
                all.extend(missing.into_iter().map(|field| Field::place(field.path().into())));
            });
        }
    }

    /// A field begins, or is there as a whole.
    fn put(self, path: &str, value: &Value, shape: &str, origin: &Origin<'_>) {
        let siblings = match path.rsplit_once('/') {
            Some(("", name)) => has_field(shape, name).then_some(self),
            Some((above, _)) => self.find(above).and_then(|at| at.fields()),
            None => None,
        };
        if let Some(siblings) = siblings {
            siblings.put_child(path, value, origin);
        }
    }

    fn put_child(self, path: &str, value: &Value, origin: &Origin<'_>) {
        let token = path.rsplit_once('/').map_or(path, |(_, token)| token);
        let place = self.child(token).and_then(|field| field.text());
        let is_kept = place.is_some_and(|text| !text.begun.get_untracked());
        if is_kept && value.is_string() && !origin.renders {
            return;
        }
        let field = Field::new(path.into(), value, origin);
        let at = self.0.with_untracked(|all| all.iter().rposition(|known| known.token() == token));
        self.0.update(|all| match at {
            Some(at) => all[at] = field,
            None => all.push(field),
        });
    }

    /// Goes on to a snapshot that extends what there is.
    pub(crate) fn catch_up(self, snapshot: &Snapshot) {
        self.prepare(&snapshot.shape);
        let origin = Origin::of(snapshot);
        let mut waiting = vec![(self, String::new(), members(snapshot))];
        while let Some((fields, path, children)) = waiting.pop() {
            for (token, value) in children {
                let path = format!("{path}/{token}");
                if !fields.child(&token).is_some_and(|field| field.content.holds(value)) {
                    fields.put_child(&path, value, &Origin::arriving());
                }
                let Some(field) = fields.child(&token) else { continue };
                if origin.is_final(&path) {
                    field.complete();
                }
                waiting.extend(field.fields().map(|fields| (fields, path, below(value))));
            }
        }
    }
}

impl Content {
    /// Whether it is of the kind of `value`, which extends it.
    fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Text(_) => value.is_string(),
            Self::Value(known) => known == value,
            Self::List(_) => value.is_array(),
            Self::Object(_) => value.is_object(),
        }
    }
}

/// Whether a shape has the field of that escaped name. A shape that is not known may have any.
fn has_field(shape: &str, name: &str) -> bool {
    Shape::named(shape).is_none_or(|shape| shape.field(name).is_some())
}

/// What is shown of the document: a known shape's fields and no others, whatever the model added.
pub(crate) fn members(snapshot: &Snapshot) -> Vec<(String, &Value)> {
    let mut members = below(snapshot.document.root());
    members.retain(|(name, _)| has_field(&snapshot.shape, name));
    members
}

/// The members or items of a value, each with its reference token.
pub(crate) fn below(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (escape(name).into_owned(), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    }
}

/// The fields of the shape in its order, or else those that the document has.
fn fields_of(snapshot: &Snapshot) -> Vec<Field> {
    let origin = Origin::of(snapshot);
    let root = snapshot.document.root();
    let Some(shape) = Shape::named(&snapshot.shape) else {
        let members = members(snapshot).into_iter();
        return members
            .map(|(name, value)| Field::new(format!("/{name}").into(), value, &origin))
            .collect();
    };
    let field = |field: &protocol::Field| match root.get(&*field.name) {
        Some(value) => Field::new(field.path().into(), value, &origin),
        None => Field::place(field.path().into()),
    };
    shape.fields.iter().map(field).collect()
}
