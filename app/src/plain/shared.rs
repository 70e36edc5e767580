use leptos::prelude::*;
use protocol::{
    Snapshot,
    conversation::{Message, Role},
};
use serde_json::Value;

use super::PlainPage;
use crate::{components::to_html, messages::UiLanguage};

/// What the page of a share shows.
pub enum SharedContent {
    /// A document.
    Document(Box<Snapshot>),
    /// A branch of a conversation. Its replies are rendered.
    Branch {
        /// The conversation's title.
        title: String,
        /// The messages, the oldest first.
        messages: Vec<Message>,
    },
    /// It is not shared any more.
    Gone,
    /// Nothing was ever shared there.
    Unknown,
}

impl PlainPage {
    /// The page of a share.
    #[must_use]
    pub fn shared(&self, content: &SharedContent) -> String {
        let words = self.words();
        let (title, shown) = match content {
            SharedContent::Gone => (words.gone.to_owned(), self.says(words.gone_why)),
            SharedContent::Unknown => (words.unknown.to_owned(), self.says(words.unknown_why)),
            SharedContent::Document(snapshot) => (heading(snapshot), self.document(snapshot)),
            SharedContent::Branch { title, messages } => (
                title.clone(),
                messages.iter().map(|it| self.message(it)).collect_view().into_any(),
            ),
        };
        let content = view! {
            <h1 dir="auto">{title.clone()}</h1>
            {shown}
        };
        self.around(format!("{title} · Unspool"), content.into_any(), false)
    }

    fn says(&self, sentence: &'static str) -> AnyView {
        view! { <p>{sentence}</p> }.into_any()
    }

    fn document(&self, snapshot: &Snapshot) -> AnyView {
        let fields: Vec<(String, AnyView)> = match snapshot.document.root() {
            Value::Object(members) => members
                .iter()
                .filter(|(name, _)| *name != "title")
                .map(|(name, value)| (name.replace('_', " "), field(value)))
                .collect(),
            _ => Vec::new(),
        };
        let is_named = fields.len() > 1;
        let fields = fields.into_iter().map(|(name, value)| {
            let name = is_named.then(|| view! { <h2>{name}</h2> });
            view! {
                {name}
                {value}
            }
        });
        let by = (self.words().written_by)(&snapshot.model);
        view! {
            {fields.collect_view()}
            <p class="by">{by}</p>
        }
        .into_any()
    }

    fn message(&self, message: &Message) -> AnyView {
        match (&message.role, &message.blocks) {
            (Role::User, _) => view! { <h2 dir="auto">{message.content.clone()}</h2> }.into_any(),
            (Role::Assistant, Some(rendered)) => {
                let html = to_html(rendered.blocks(), UiLanguage::tag(self.language));
                view! { <div class="markdown" inner_html=html></div> }.into_any()
            }
            (Role::Assistant, None) => text(message.content.clone()),
        }
    }
}

fn heading(snapshot: &Snapshot) -> String {
    match snapshot.text("title") {
        "" => snapshot.preview.chars().take(80).collect(),
        title => title.to_owned(),
    }
}

fn text(text: String) -> AnyView {
    view! { <p class="text" dir="auto">{text}</p> }.into_any()
}

/// A field of a document: a text, a list, or a number.
fn field(value: &Value) -> AnyView {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| view! { <li dir="auto">{inline(item)}</li> });
            view! { <ul class="text">{items.collect_view()}</ul> }.into_any()
        }
        value => text(inline(value)),
    }
}

/// A value on one line. What is nested deeper than a list of objects is shown as JSON.
fn inline(value: &Value) -> String {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    };
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}: {}", plain(value)));
            members.collect::<Vec<_>>().join(" · ")
        }
        value => plain(value),
    }
}
