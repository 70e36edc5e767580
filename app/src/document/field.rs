use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use protocol::{Snapshot, escape};
use serde_json::Value;

use super::{
    fields::Fields,
    text_field::{TextField, change},
};

/// The path of the field that is the document's heading.
const TITLE: &str = "/title";

/// A field of the document, at any depth.
#[derive(Clone)]
pub(crate) struct Field {
    /// JSON Pointer (RFC 6901).
    pub(crate) path: Arc<str>,
    pub(crate) content: Content,
    pub(crate) is_final: RwSignal<bool>,
    /// Whether it was final when the page first showed it: then that is no news.
    pub(crate) was_final: bool,
}

/// What a field holds.
#[derive(Clone)]
pub(crate) enum Content {
    Text(TextField),
    /// A number, a boolean or null.
    Value(Value),
    /// An array's items.
    List(Fields),
    /// An object's members.
    Object(Fields),
}

/// Where fields come from.
pub(super) struct Origin<'a> {
    /// The paths of the fields that are final.
    final_paths: BTreeSet<&'a str>,
    /// Whether texts are rendered with their elements, and not written by panes.
    pub(super) renders: bool,
}

impl<'a> Origin<'a> {
    /// What a page is rendered with.
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self { final_paths: snapshot.completed.iter().map(String::as_str).collect(), renders: true }
    }

    /// What arrives while the page is shown.
    pub(super) fn arriving() -> Self {
        Self { final_paths: BTreeSet::new(), renders: false }
    }

    /// What arrives as a whole at `path`: a number, or a word that was chosen.
    pub(super) fn whole(path: &'a str) -> Self {
        Self { final_paths: BTreeSet::from([path]), renders: true }
    }

    pub(super) fn is_final(&self, path: &str) -> bool {
        self.final_paths.contains(path)
    }
}

impl Field {
    pub(super) fn new(path: Arc<str>, value: &Value, origin: &Origin<'_>) -> Self {
        let is_final = origin.is_final(&path);
        let below = |token: &str, value| Self::new(format!("{path}/{token}").into(), value, origin);
        let content = match value {
            Value::String(text) => {
                Content::Text(TextField::of(if origin.renders { text } else { "" }))
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(index, item)| below(&index.to_string(), item));
                Content::List(Fields::new(items.collect()))
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, member)| below(&escape(name), member));
                Content::Object(Fields::new(members.collect()))
            }
            value => Content::Value(value.clone()),
        };
        Self { path, content, is_final: RwSignal::new(is_final), was_final: is_final }
    }

    /// The place of a field that has not begun.
    pub(super) fn place(path: Arc<str>) -> Self {
        Self::new(path, &Value::String(String::new()), &Origin::arriving())
    }

    /// Tells this field from all others, also from one that had its path before.
    pub(crate) fn key(&self) -> RwSignal<bool> {
        self.is_final
    }

    /// The last reference token of the path.
    pub(super) fn token(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(_, token)| token)
    }

    pub(crate) fn is_title(&self) -> bool {
        &*self.path == TITLE && self.text().is_some()
    }

    pub(crate) fn text(&self) -> Option<TextField> {
        match &self.content {
            Content::Text(text) => Some(*text),
            _ => None,
        }
    }

    /// The fields that it consists of, when it is a list or an object.
    pub(crate) fn fields(&self) -> Option<Fields> {
        match &self.content {
            Content::List(fields) | Content::Object(fields) => Some(*fields),
            _ => None,
        }
    }

    /// Whether it is to be seen: a text is from its first character on, a list while it is empty.
    pub(crate) fn is_shown(&self) -> bool {
        self.text().is_none_or(|text| text.begun.get())
    }

    /// Whether there is anything in it.
    pub(crate) fn has_content(&self) -> bool {
        self.is_shown() && self.fields().is_none_or(|fields| !fields.is_empty())
    }

    pub(super) fn complete(&self) {
        change(self.is_final, true);
    }
}
