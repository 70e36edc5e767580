use protocol::{Label, Shape, unescape};

use crate::messages::UiLanguage;

/// What the field at `path` is called: as its shape has it, or else its name, made readable.
pub(crate) fn label(shape: &str, path: &str, language: UiLanguage) -> String {
    let label = Shape::named(shape).and_then(|shape| shape.label_at(path));
    match (label, language) {
        (Some(Label { english, .. }), UiLanguage::English) => english.to_owned(),
        (Some(Label { chinese, .. }), UiLanguage::Chinese) => chinese.to_owned(),
        (None, _) => humanised(&unescape(path.rsplit_once('/').map_or(path, |(_, token)| token))),
    }
}

/// A label in the middle of an English sentence: with a small first letter, unless it is an
/// abbreviation.
pub(crate) fn in_sentence(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

/// A member's name as words: `action_items` and `actionItems` are both `Action items`.
fn humanised(name: &str) -> String {
    let mut words = String::new();
    let mut last = ' ';
    for letter in name.chars() {
        let letter = if matches!(letter, '_' | '-') { ' ' } else { letter };
        let begins = letter.is_uppercase() && last.is_lowercase();
        if begins || (letter == ' ' && last != ' ') {
            words.push(' ');
        }
        if letter != ' ' {
            words.push(letter);
        }
        last = letter;
    }
    let words: Vec<_> = words.split_whitespace().map(in_sentence).collect();
    let words = words.join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_names_its_fields_in_both_languages() {
        assert_eq!(label("summary", "/title", UiLanguage::English), "Title");
        assert_eq!(label("summary", "/title", UiLanguage::Chinese), "标题");
        for path in ["/items/3/who", "/who"] {
            assert_eq!(label("action_items", path, UiLanguage::Chinese), "负责人");
        }
    }

    #[test]
    fn other_names_are_made_readable() {
        for (name, words) in [
            ("action_items", "Action items"),
            ("actionItems", "Action items"),
            ("due-date", "Due date"),
            ("URL_of_page", "URL of page"),
            ("_", ""),
            ("与会者", "与会者"),
            ("éclair", "Éclair"),
            ("a~1b", "A/b"),
        ] {
            assert_eq!(label("own", &format!("/{name}"), UiLanguage::English), words);
        }
        assert_eq!(label("own", "/items/0/dueDate", UiLanguage::Chinese), "Due date");
    }

    #[test]
    fn abbreviations_keep_their_capitals_in_a_sentence() {
        assert_eq!(in_sentence("Key points"), "key points");
        assert_eq!(in_sentence("URL"), "URL");
        assert_eq!(in_sentence("摘要"), "摘要");
    }
}
