//! What a space has, as Markdown for people.

use engine::{ArchiveEntry, ArchivedGeneration, ArchivedMessage, ArchivedPersona};
use jiff::Timestamp;
use protocol::Shape;
use serde_json::Value;

/// An entry of an archive with a blank line after it.
pub(super) fn entry(entry: &ArchiveEntry) -> String {
    match entry {
        ArchiveEntry::Generation(generation) => document(generation),
        ArchiveEntry::Persona(persona) => self::persona(persona),
        ArchiveEntry::Conversation(conversation) => {
            format!("# {}\n\n{}\n\n", line(&conversation.title), date(conversation.created_ms))
        }
        ArchiveEntry::Message(message) => self::message(message),
    }
}

fn document(generation: &ArchivedGeneration) -> String {
    let snapshot = &generation.snapshot;
    let title = match snapshot.text("title") {
        "" => &snapshot.preview,
        title => title,
    };
    let mut text = format!(
        "# {}\n\n{} · {} · {}\n\n",
        line(title),
        date(snapshot.created_ms),
        snapshot.provider,
        snapshot.model
    );
    if let Value::Object(members) = snapshot.document.root() {
        for (name, value) in members.iter().filter(|(name, _)| *name != "title") {
            if members.len() > 2 {
                text += &format!("## {}\n\n", line(name));
            }
            text += &format!("{}\n\n", field(value));
        }
    }
    text + "## Source\n\n" + &quoted(&generation.text)
}

/// A field of a document: a text as it is, a list as bullets.
fn field(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            items.iter().map(|item| format!("- {}", inline(item))).collect::<Vec<_>>().join("\n")
        }
        value => inline(value),
    }
}

/// A value on one line. What is nested deeper than a list of objects is written as JSON.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => line(text),
        Value::Object(members) => {
            let plain = |value: &Value| match value {
                Value::String(text) => line(text),
                value => value.to_string(),
            };
            let members = members.iter().map(|(name, value)| format!("{name}: {}", plain(value)));
            members.collect::<Vec<_>>().join("; ")
        }
        value => value.to_string(),
    }
}

fn persona(persona: &ArchivedPersona) -> String {
    let Some(newest) = persona.versions.last() else { return String::new() };
    let mut text = format!("# {}\n\n", line(&newest.name));
    for part in [&newest.instruction, &newest.profile] {
        if !part.is_empty() {
            text += &format!("{part}\n\n");
        }
    }
    text
}

fn message(message: &ArchivedMessage) -> String {
    match &message.reply {
        None => quoted(&message.content),
        Some(reply) => format!("{}\n\n", Shape::REPLY.text_of(&reply.snapshot)),
    }
}

/// A text as a quotation.
fn quoted(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("> {line}")).collect();
    format!("{}\n\n", lines.join("\n"))
}

/// A text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn date(ms: u64) -> String {
    let moment = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    moment.map(|moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}
