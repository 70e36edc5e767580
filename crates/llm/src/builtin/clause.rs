//! Where a sentence may be cut without hurting it.

use super::lexicon::{CONNECTIVES, HAN_CONNECTIVES, HAN_PRONOUNS, PRONOUNS};
use super::script::{LETTER, is_cjk, is_closing, is_phrase_spaced, weight};

/// The longest label before a sentence.
const LABEL: usize = 16 * LETTER;

/// Byte positions after which a clause ends: behind commas, colons, dashes and the like.
/// The end of the text is not one.
pub(super) fn boundaries(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let next = chars.peek().map(|&(_, c)| c);
        if next.is_some() && ends_clause(before, c, next) {
            found.push(end);
        }
        before = c;
    }
    found
}

fn ends_clause(before: char, c: char, next: Option<char>) -> bool {
    let spaced = next.is_none_or(char::is_whitespace);
    match c {
        '，' | '；' | '：' | '—' | '–' => {
            next.is_none_or(|next| next != c && !is_closing(next))
        }
        ',' | ';' | ':' | '،' | '؛' => spaced || before.is_alphabetic() && is_cjk(before),
        '-' => before == ' ' && spaced,
        ' ' => is_phrase_spaced(before),
        _ => false,
    }
}

/// The last boundary of a text that leaves at least `least` weight before it. An enumeration
/// comma will do.
pub(super) fn last_boundary(text: &str, least: usize) -> Option<usize> {
    let listed = text.rfind('、').map(|at| at + '、'.len_utf8());
    let found = boundaries(text).last().copied().max(listed)?;
    (weight(text.get(..found)?) >= least).then_some(found)
}

/// Whether a sentence needs the one before it to be understood.
pub(super) fn dangles(sentence: &str) -> bool {
    let word = first_word(sentence).to_lowercase();
    let word = word.split(['\'', '’']).next().unwrap_or_default();
    CONNECTIVES.has(word)
        || begins_with_pronoun(sentence)
        || HAN_CONNECTIVES.opening(sentence).is_some()
}

/// Whether the first word stands for something named before.
pub(super) fn begins_with_pronoun(sentence: &str) -> bool {
    let word = first_word(sentence).to_lowercase();
    let word = word.split(['\'', '’']).next().unwrap_or_default();
    PRONOUNS.has(word) || HAN_PRONOUNS.opening(sentence).is_some()
}

/// The text without a connective at its beginning.
pub(super) fn without_connective(text: &str) -> &str {
    let word = first_word(text);
    let rest = if CONNECTIVES.has(&word.to_lowercase()) {
        text.get(word.len()..)
    } else {
        HAN_CONNECTIVES.opening(text).and_then(|opening| text.strip_prefix(opening))
    };
    let rest = rest.unwrap_or(text).trim_start_matches([',', '，', '、', ' ', '：']);
    if rest.is_empty() { text } else { rest }
}

/// The rest of a text that begins with a label, as `Decision:` or `决定：`.
pub(super) fn label(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once([':', '：'])?;
    let short = weight(label) <= LABEL && label.split(' ').count() < 3;
    (short
        && rest.starts_with(|c: char| {
            c == ' ' || is_cjk(c) || c.is_ascii_digit() && label.contains(is_cjk)
        }))
    .then(|| rest.trim_start())
}

/// The first word, without signs after it.
pub(super) fn first_word(text: &str) -> &str {
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    word.trim_end_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_behind_their_signs() {
        let cut = |text: &str| {
            boundaries(text).into_iter().map(|at| text[..at].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            cut("At 10:30, or 1,000 later - go"),
            ["At 10:30,", "At 10:30, or 1,000 later -"]
        );
        assert_eq!(cut("今天，我们走了很远——真的"), ["今天，", "今天，我们走了很远——"]);
    }

    #[test]
    fn openings_that_lean_on_others_are_known() {
        assert!(
            dangles("However, it rained.") && dangles("It's late.") && dangles("因此，河水上涨。")
        );
        assert!(!dangles("Rain fell.") && !dangles("河水上涨。"));
        assert_eq!(without_connective("However, rain fell"), "rain fell");
        assert_eq!(without_connective("不过，雨停了"), "雨停了");
    }
}
