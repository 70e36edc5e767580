//! Cuts an answer into pieces such as a model writes: a few words, or a few Han characters.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::script::{self, IDEOGRAPH, LETTER};

/// A piece is handed out when it weighs this.
const PIECE: usize = 10 * LETTER;
/// A word that weighs more is cut between characters.
const WORD: usize = 5 * IDEOGRAPH;

/// The pieces of the JSON text of an object with these members, in their order. None is empty.
pub(super) fn of_object(members: &[(String, Value)]) -> Vec<String> {
    let (mut open, mut pieces) = (String::new(), Vec::new());
    write_members(members.iter().map(|(name, value)| (name, value)), &mut open, &mut pieces);
    pieces.push(open);
    pieces
}

fn write_members<'a>(
    members: impl Iterator<Item = (&'a String, &'a Value)>,
    open: &mut String,
    pieces: &mut Vec<String>,
) {
    open.push('{');
    for (number, (name, value)) in members.enumerate() {
        open.push_str(if number > 0 { "," } else { "" });
        open.push_str(&Value::from(name.as_str()).to_string());
        open.push(':');
        write(value, open, pieces);
    }
    open.push('}');
}

/// Adds the pieces of a value; what is not handed out yet stays open. No value of an answer is
/// deeper than a list of objects.
fn write(value: &Value, open: &mut String, pieces: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            open.push('"');
            pieces.push(std::mem::take(open));
            pieces.extend(cut(text).iter().map(|piece| escape(piece)));
            open.push('"');
        }
        Value::Array(items) => {
            open.push('[');
            for (number, item) in items.iter().enumerate() {
                open.push_str(if number > 0 { "," } else { "" });
                write(item, open, pieces);
            }
            open.push(']');
        }
        Value::Object(members) => write_members(members.iter(), open, pieces),
        other => open.push_str(&other.to_string()),
    }
}

/// The pieces of a plain text. None is empty.
pub(super) fn of_text(text: &str) -> Vec<String> {
    cut(text).into_iter().map(str::to_owned).collect()
}

/// The parts of a text, each a few words.
fn cut(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut end, mut said) = (0, 0, 0);
    for word in text.split_word_bounds().flat_map(syllables) {
        end += word.len();
        said += script::weight(word);
        if said >= PIECE {
            parts.extend(text.get(start..end));
            (start, said) = (end, 0);
        }
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

/// The word, or its characters when it is a very long one.
fn syllables(word: &str) -> Vec<&str> {
    if script::weight(word) > WORD { word.graphemes(true).collect() } else { vec![word] }
}

/// A text as it stands between the quotes of a JSON string.
fn escape(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}
