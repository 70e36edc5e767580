use std::collections::{HashMap, hash_map::Entry};

use partial_json::{Atom, Kind};
use protocol::{Field, FieldType, Shape, TypeAt, escape};

/// How many fields a document may have.
const MOST_FIELDS: usize = 10_000;

/// The fields of a document so far, beside what its shape wants.
pub(crate) struct WrittenFields {
    shape: Shape,
    /// What each field holds, by its path.
    held: HashMap<String, Held>,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Text,
    Object,
    Array,
    Number { is_whole: bool },
    Boolean,
    Null,
}

/// Whether a field could be opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opened {
    Now,
    Before,
    /// There are as many as may be.
    Never,
}

impl WrittenFields {
    pub(crate) const MOST: usize = MOST_FIELDS;

    pub(crate) fn of(shape: Shape) -> Self {
        Self { shape, held: HashMap::new() }
    }

    /// Opens a field that begins.
    pub(crate) fn begin(&mut self, path: &str, kind: Kind) -> Opened {
        self.open(
            path,
            match kind {
                Kind::Text => Held::Text,
                Kind::Object => Held::Object,
                Kind::Array => Held::Array,
            },
        )
    }

    /// Opens a field that is there as a whole.
    pub(crate) fn set(&mut self, path: &str, value: Atom<'_>) -> Opened {
        self.open(
            path,
            match value {
                Atom::Null => Held::Null,
                Atom::Bool(_) => Held::Boolean,
                Atom::Number(digits) => {
                    let is_whole = digits.parse::<f64>().is_ok_and(|number| number.fract() == 0.0);
                    Held::Number { is_whole }
                }
            },
        )
    }

    fn open(&mut self, path: &str, held: Held) -> Opened {
        let is_full = self.held.len() == MOST_FIELDS;
        match self.held.entry(path.to_owned()) {
            Entry::Occupied(_) => Opened::Before,
            Entry::Vacant(_) if is_full => Opened::Never,
            Entry::Vacant(entry) => {
                entry.insert(held);
                Opened::Now
            }
        }
    }

    /// The words that the field at `path` is to be chosen from, if it is.
    pub(crate) fn choices(&self, path: &str) -> Option<&[String]> {
        self.shape.type_at(path)?.choices()
    }

    /// Whether there is to be a text at `path` that may be missing: one in an object or a list.
    pub(crate) fn may_be_missing(&self, path: &str) -> bool {
        let is_within = path.matches('/').count() > 1;
        is_within && self.shape.type_at(path).is_some_and(TypeAt::is_text)
    }

    /// The paths of the texts that the object at `path` lacks.
    pub(crate) fn missing_texts(&self, path: &str) -> Vec<String> {
        let members = self.shape.type_at(path).and_then(TypeAt::members).unwrap_or_default();
        let texts = members.iter().filter(|field| matches!(field.content, FieldType::Text(_)));
        let paths = texts.map(|field| format!("{path}/{}", escape(&field.name)));
        paths.filter(|path| !self.held.contains_key(path)).collect()
    }

    /// What is missing, or is not what the shape wants there.
    pub(crate) fn misfit(&self) -> Option<String> {
        self.misfit_of("", &self.shape.fields)
    }

    fn misfit_of(&self, above: &str, fields: &[Field]) -> Option<String> {
        fields.iter().find_map(|field| {
            let path = format!("{above}/{}", escape(&field.name));
            self.misfit_at(&path, &field.content)
        })
    }

    fn misfit_at(&self, path: &str, wanted: &FieldType) -> Option<String> {
        let (what, fits): (_, fn(Held) -> bool) = match wanted {
            FieldType::Text(_) => ("text", |held| held == Held::Text),
            FieldType::Choice(_) => ("choice", |held| held == Held::Text),
            FieldType::Number => ("number", |held| matches!(held, Held::Number { .. })),
            FieldType::Integer => ("whole number", |held| held == Held::Number { is_whole: true }),
            FieldType::Boolean => ("true-or-false", |held| held == Held::Boolean),
            FieldType::Object(_) => ("object", |held| held == Held::Object),
            FieldType::TextList { .. } | FieldType::ObjectList { .. } => {
                ("list", |held| held == Held::Array)
            }
        };
        let misfit = self.unless_held(path, what, fits);
        misfit.or_else(|| match wanted {
            FieldType::Object(members) => self.misfit_of(path, members),
            FieldType::TextList { .. } => self
                .items(path)
                .find_map(|item| self.unless_held(&item, "text", |held| held == Held::Text)),
            FieldType::ObjectList { members, .. } => self.items(path).find_map(|item| {
                let misfit = self.unless_held(&item, "object", |held| held == Held::Object);
                misfit.or_else(|| self.misfit_of(&item, members))
            }),
            _ => None,
        })
    }

    /// The fault of the field at `path`, unless it holds what it should.
    fn unless_held(&self, path: &str, what: &str, fits: fn(Held) -> bool) -> Option<String> {
        let name = path.trim_start_matches('/');
        match self.held.get(path) {
            Some(held) if fits(*held) => None,
            Some(_) => Some(format!("the {what} field `{name}` holds something else")),
            None => Some(format!("the {what} field `{name}` is missing")),
        }
    }

    /// The paths of the items that the list at `path` has.
    fn items(&self, path: &str) -> impl Iterator<Item = String> {
        let paths = (0..).map(move |index: usize| format!("{path}/{index}"));
        paths.take_while(|path| self.held.contains_key(path))
    }
}
