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
    let mut pieces = Vec::new();
    let mut open = String::from("{");
    for (number, (name, value)) in members.iter().enumerate() {
        if number > 0 {
            open.push(',');
        }
        open.push_str(&Value::from(name.as_str()).to_string());
        open.push(':');
        match value {
            Value::String(text) => {
                open.push('"');
                pieces.push(std::mem::take(&mut open));
                pieces.extend(cut(text).iter().map(|piece| escape(piece)));
                open.push('"');
            }
            other => open.push_str(&other.to_string()),
        }
    }
    open.push('}');
    pieces.push(open);
    pieces
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
