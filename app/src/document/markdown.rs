//! A document as text, to be copied.

use serde_json::{Map, Value};

use crate::messages::Messages;

/// A top-level field with its name for people.
pub(crate) struct Part<'a> {
    pub(crate) label: String,
    pub(crate) is_title: bool,
    pub(crate) value: &'a Value,
}

/// Writes values as Markdown.
pub(crate) struct Writer<'a> {
    pub(crate) messages: &'static Messages,
    /// What the member of that name is called.
    pub(crate) label: &'a dyn Fn(&str) -> String,
}

impl Writer<'_> {
    /// A whole document. Its fields are named where there is more than a title and a text.
    pub(crate) fn document(&self, parts: &[Part<'_>], named: bool) -> String {
        let mut sections = Vec::new();
        for Part { label, is_title, value } in parts {
            match value {
                _ if *is_title => sections.push(format!("# {}", self.inline(value))),
                Value::String(_) | Value::Array(_) | Value::Object(_) => {
                    sections.extend(named.then(|| format!("## {label}")));
                    sections.push(self.field(value).trim_end().to_owned());
                }
                value => sections.push(format!("**{label}:** {}", self.inline(value))),
            }
        }
        sections.join("\n\n") + "\n"
    }

    /// One field: a text as it is, a list as bullets or a table, an object as bullets.
    pub(crate) fn field(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(items) if items.is_empty() => self.messages.none_found.to_owned(),
            Value::Array(items) => self.table(items).unwrap_or_else(|| self.bullets(items)),
            Value::Object(members) => {
                let member = |(name, value): (&String, &Value)| {
                    format!("- **{}:** {}", (self.label)(name), self.inline(value))
                };
                members.iter().map(member).collect::<Vec<_>>().join("\n")
            }
            value => self.inline(value),
        }
    }

    fn bullets(&self, items: &[Value]) -> String {
        let bullet = |item: &Value| format!("- {}", self.inline(item));
        items.iter().map(bullet).collect::<Vec<_>>().join("\n")
    }

    /// A table of objects, with a column for each name that one of them has.
    fn table(&self, items: &[Value]) -> Option<String> {
        let rows: Vec<&Map<String, Value>> =
            items.iter().map(Value::as_object).collect::<Option<_>>()?;
        let mut names: Vec<&String> = Vec::new();
        for name in rows.iter().flat_map(|row| row.keys()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let cell = |text: String| text.replace('|', "\\|");
        let head = names.iter().map(|name| cell((self.label)(name))).collect();
        let rule = names.iter().map(|_| "---".to_owned()).collect();
        let row = |row: &&Map<String, Value>| {
            let value = |name: &&String| row.get(*name).map(|value| cell(self.inline(value)));
            line(names.iter().map(|name| value(name).unwrap_or_default()).collect())
        };
        let lines = [line(head), line(rule)].into_iter().chain(rows.iter().map(row));
        Some(lines.collect::<Vec<_>>().join("\n"))
    }

    /// A value on one line.
    pub(crate) fn inline(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Value::Array(items) => self.join(items.iter().map(|item| self.inline(item))),
            Value::Object(members) => self.join(
                members
                    .iter()
                    .map(|(name, value)| format!("{}: {}", (self.label)(name), self.inline(value))),
            ),
            value => self.messages.scalar(value),
        }
    }

    fn join(&self, parts: impl Iterator<Item = String>) -> String {
        parts.collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{document::label, messages::EN};

    fn written(document: &Value, named: bool) -> String {
        let label =
            |name: &str| label("own", &format!("/{name}"), crate::messages::UiLanguage::English);
        let parts: Vec<_> = document
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| Part { label: label(name), is_title: name == "title", value })
            .collect();
        Writer { messages: &EN, label: &label }.document(&parts, named)
    }

    #[test]
    fn a_title_and_a_text_need_no_names() {
        let document = json!({"title": "One\ntitle", "summary": "A summary.\n\nOf two.\n"});
        assert_eq!(written(&document, false), "# One title\n\nA summary.\n\nOf two.\n");
    }

    #[test]
    fn lists_become_bullets_and_objects_a_table() {
        let document = json!({
            "title": "The harbour board",
            "attendees": ["Ada", "Grace\nHopper"],
            "actions": [{"what": "Oil | wind", "who": "Ada"}, {"who": "Grace", "when": "Monday"}],
            "decisions": [],
            "budget": {"sum": 12.5, "approved": true},
            "is_public": false,
        });
        assert_eq!(
            written(&document, true),
            "# The harbour board\n\n\
             ## Attendees\n\n- Ada\n- Grace Hopper\n\n\
             ## Actions\n\n| What | Who | When |\n| --- | --- | --- |\n\
             | Oil \\| wind | Ada |  |\n|  | Grace | Monday |\n\n\
             ## Decisions\n\nNone found\n\n\
             ## Budget\n\n- **Sum:** 12.5\n- **Approved:** Yes\n\n\
             **Is public:** No\n",
        );
    }
}
