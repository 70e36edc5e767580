use std::collections::HashMap;

use protocol::{Event, FieldCompleted, FieldDelta, FieldSet, FieldStarted, Kind, escape};
use serde_json::Value;

/// What viewers have seen of a document, held against what is written once more when an answer is
/// continued: what agrees is left out, and what goes beyond is passed on.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    fields: HashMap<String, Seen>,
}

#[derive(Debug)]
enum Seen {
    /// So much of the text has come once more.
    Text {
        text: String,
        again: usize,
        is_final: bool,
    },
    Container {
        kind: Kind,
        is_final: bool,
    },
    Value(Value),
}

/// What is written now is not what viewers have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Differs;

impl Shown {
    /// What there is of a document whose `completed` paths are final.
    pub(crate) fn of(document: &Value, completed: &[String]) -> Self {
        let mut fields = HashMap::new();
        let mut waiting = vec![(String::new(), document)];
        while let Some((path, value)) = waiting.pop() {
            match value {
                Value::Object(members) => waiting.extend(
                    members.iter().map(|(name, value)| (format!("{path}/{}", escape(name)), value)),
                ),
                Value::Array(items) => waiting.extend(
                    items.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value)),
                ),
                _ => {}
            }
            if !path.is_empty() {
                let is_final = completed.contains(&path);
                fields.insert(path, Seen::of(value, is_final));
            }
        }
        Self { fields }
    }

    /// What of an event is new.
    pub(crate) fn new_of(&mut self, event: Event) -> Result<Option<Event>, Differs> {
        let path = match &event {
            Event::FieldStarted(FieldStarted { path, .. })
            | Event::FieldDelta(FieldDelta { path, .. })
            | Event::FieldSet(FieldSet { path, .. })
            | Event::FieldCompleted(FieldCompleted { path }) => path,
            _ => return Ok(Some(event)),
        };
        match self.fields.get_mut(path) {
            Some(seen) => seen.new_of(event),
            None => Ok(Some(event)),
        }
    }
}

impl Seen {
    fn of(value: &Value, is_final: bool) -> Self {
        match value {
            Value::String(text) => Self::Text { text: text.clone(), again: 0, is_final },
            Value::Object(_) => Self::Container { kind: Kind::Object, is_final },
            Value::Array(_) => Self::Container { kind: Kind::Array, is_final },
            value => Self::Value(value.clone()),
        }
    }

    fn new_of(&mut self, event: Event) -> Result<Option<Event>, Differs> {
        match (self, event) {
            (Self::Text { .. }, Event::FieldStarted(FieldStarted { kind: Kind::Text, .. })) => {
                Ok(None)
            }
            (Self::Container { kind, .. }, Event::FieldStarted(started))
                if *kind == started.kind =>
            {
                Ok(None)
            }
            (Self::Value(seen), Event::FieldSet(set)) if *seen == set.value => Ok(None),
            // A word that was chosen.
            (Self::Text { text, .. }, Event::FieldSet(set)) if set.value == text.as_str() => {
                Ok(None)
            }
            (Self::Text { text, again, is_final }, Event::FieldDelta(delta)) => {
                beyond(text, again, *is_final, delta)
            }
            (Self::Text { text, again, is_final }, event @ Event::FieldCompleted(_))
                if *again == text.len() =>
            {
                Ok((!std::mem::replace(is_final, true)).then_some(event))
            }
            (Self::Container { is_final, .. }, event @ Event::FieldCompleted(_)) => {
                Ok((!std::mem::replace(is_final, true)).then_some(event))
            }
            _ => Err(Differs),
        }
    }
}

/// What of a delta lies beyond the text that was seen.
fn beyond(
    text: &str,
    again: &mut usize,
    is_final: bool,
    delta: FieldDelta,
) -> Result<Option<Event>, Differs> {
    let rest = text.get(*again..).unwrap_or_default();
    if rest.starts_with(&delta.text) {
        *again += delta.text.len();
        return Ok(None);
    }
    match delta.text.strip_prefix(rest) {
        Some(new) if !is_final => {
            *again = text.len();
            Ok(Some(Event::FieldDelta(FieldDelta { text: new.to_owned(), ..delta })))
        }
        _ => Err(Differs),
    }
}

/// The JSON that a model wrote a document as, up to where it stands. Texts and containers that are
/// not final are open at its end.
pub(crate) fn written(document: &Value, completed: &[String]) -> String {
    let mut json = String::new();
    write(document, "", completed, &mut json);
    // A number is over only when something follows it.
    if json.ends_with(|last: char| last.is_ascii_alphanumeric()) && ends_with_value(document) {
        json.push(' ');
    }
    json
}

/// Writes a value; says whether it is open. It goes as deep as documents do.
fn write(value: &Value, path: &str, completed: &[String], json: &mut String) -> bool {
    let is_final = completed.iter().any(|one| one == path);
    let (brackets, children): (_, Vec<(Option<&str>, String, &Value)>) = match value {
        Value::String(text) => {
            let quoted = Value::from(text.as_str()).to_string();
            json.push_str(if is_final { &quoted } else { &quoted[..quoted.len() - 1] });
            return !is_final;
        }
        Value::Object(members) => {
            let below = |name: &str| format!("{path}/{}", escape(name));
            let members = members.iter();
            (['{', '}'], members.map(|(name, it)| (Some(name.as_str()), below(name), it)).collect())
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            (['[', ']'], items.map(|(at, it)| (None, format!("{path}/{at}"), it)).collect())
        }
        value => {
            json.push_str(&value.to_string());
            return false;
        }
    };
    json.push(brackets[0]);
    let mut separator = "";
    for (name, path, value) in children {
        json.push_str(separator);
        separator = ", ";
        if let Some(name) = name {
            json.push_str(&format!("{}: ", Value::from(name)));
        }
        if write(value, &path, completed, json) {
            return true;
        }
    }
    if is_final {
        json.push(brackets[1]);
    }
    !is_final
}

/// Whether the last thing in a document is a number, a boolean or null.
fn ends_with_value(document: &Value) -> bool {
    let mut last = document;
    loop {
        let next = match last {
            Value::Object(members) => members.values().next_back(),
            Value::Array(items) => items.last(),
            Value::String(_) => return false,
            _ => return true,
        };
        match next {
            Some(value) => last = value,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn delta(path: &str, text: &str) -> Event {
        Event::FieldDelta(FieldDelta { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn what_agrees_is_left_out_and_what_goes_beyond_is_new() {
        let document = json!({"title": "Ice", "summary": "It fr"});
        let mut shown = Shown::of(&document, &["/title".to_owned()]);
        assert_eq!(shown.new_of(delta("/title", "Ic")), Ok(None));
        assert_eq!(shown.new_of(delta("/title", "e")), Ok(None));
        let completed =
            |path: &str| Event::FieldCompleted(FieldCompleted { path: path.to_owned() });
        assert_eq!(shown.new_of(completed("/title")), Ok(None));
        assert_eq!(shown.new_of(delta("/summary", "It")), Ok(None));
        assert_eq!(shown.new_of(delta("/summary", " froze")), Ok(Some(delta("/summary", "oze"))));
        assert_eq!(shown.new_of(delta("/summary", ".")), Ok(Some(delta("/summary", "."))));
        assert_eq!(shown.new_of(completed("/summary")), Ok(Some(completed("/summary"))));
    }

    #[test]
    fn what_differs_is_noticed() {
        let document = json!({"title": "Ice", "summary": "It fr", "count": 1});
        let shown = || Shown::of(&document, &["/title".to_owned()]);
        let set = |value: Value| Event::FieldSet(FieldSet { path: "/count".to_owned(), value });
        for event in [
            delta("/title", "Icy"),
            delta("/title", "Ice!"),
            delta("/summary", "It thawed"),
            Event::FieldCompleted(FieldCompleted { path: "/summary".to_owned() }),
            set(json!(2)),
        ] {
            assert_eq!(shown().new_of(event.clone()), Err(Differs), "{event:?}");
        }
        assert_eq!(shown().new_of(set(json!(1))), Ok(None));
    }

    #[test]
    fn a_document_is_written_up_to_where_it_stands() {
        let written = |document: Value, completed: &[&str]| {
            written(&document, &completed.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(written(json!({}), &[]), "{");
        assert_eq!(
            written(json!({"title": "Ice \"1\"", "summary": "It\nfr"}), &["/title"]),
            "{\"title\": \"Ice \\\"1\\\"\", \"summary\": \"It\\nfr"
        );
        assert_eq!(written(json!({"title": "Ice"}), &["/title"]), "{\"title\": \"Ice\"");
        assert_eq!(written(json!({"count": 12}), &[]), "{\"count\": 12 ");
        assert_eq!(
            written(json!({"items": [{"who": "A"}, {"who": "B"}]}), &["/items/0", "/items/0/who"]),
            "{\"items\": [{\"who\": \"A\"}, {\"who\": \"B"
        );
    }
}
