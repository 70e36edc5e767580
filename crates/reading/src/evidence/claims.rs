//! What in a sentence must stand in its evidence as it is: numbers, names, and what it quotes.

use super::folded::Folded;

/// Numbers that texts write as words, too.
const WORDS: [(&str, &[&str]); 12] = [
    ("1", &["one", "once", "first", "一"]),
    ("2", &["two", "twice", "second", "二", "两"]),
    ("3", &["three", "third", "三"]),
    ("4", &["four", "fourth", "四"]),
    ("5", &["five", "fifth", "五"]),
    ("6", &["six", "sixth", "六"]),
    ("7", &["seven", "seventh", "七"]),
    ("8", &["eight", "eighth", "八"]),
    ("9", &["nine", "ninth", "九"]),
    ("10", &["ten", "tenth", "十"]),
    ("11", &["eleven", "eleventh", "十一"]),
    ("12", &["twelve", "twelfth", "十二", "dozen"]),
];

/// The marks around what is quoted.
const QUOTES: [(char, char); 6] =
    [('“', '”'), ('「', '」'), ('『', '』'), ('《', '》'), ('«', '»'), ('"', '"')];

/// Whether all that `sentence` claims literally is in `evidence`.
pub(super) fn are_in(sentence: &str, evidence: &str) -> bool {
    let lower = evidence.to_lowercase();
    let known = numbers(evidence);
    let has_number = |number: &String| {
        let words = WORDS.iter().find(|(digits, _)| digits == number);
        known.contains(number)
            || words.is_some_and(|(_, words)| words.iter().any(|word| has_word(&lower, word)))
    };
    let folded = Folded::of(evidence);
    numbers(sentence).iter().all(has_number)
        && names(sentence).iter().all(|name| has_word(&lower, &name.to_lowercase()))
        && quoted(sentence).iter().all(|quote| folded.find(quote).is_some())
}

/// Whether a word, or in a script without spaces a part of one, is in a text.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let is_edge = |next: Option<char>| !next.is_some_and(is_part);
        let plural = text[at + word.len()..].strip_prefix('s').map(|rest| rest.chars().next());
        !word.starts_with(is_part)
            || is_edge(before) && (is_edge(after) || plural.is_some_and(is_edge))
    })
}

/// The numbers in a text, without the marks that group their digits.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let goes_on = chars.peek().is_some_and(char::is_ascii_digit);
        match char {
            '0'..='9' => open.push(char),
            '.' if !open.is_empty() && goes_on => open.push(char),
            ',' | '，' | '\u{a0}' | '\u{202f}' | '\'' if !open.is_empty() && goes_on => {}
            _ if !open.is_empty() => found.push(std::mem::take(&mut open)),
            _ => {}
        }
    }
    found.extend((!open.is_empty()).then_some(open));
    found
}

/// The words of a sentence that are written like names: with a capital, though nothing begins there,
/// or in capitals.
fn names(sentence: &str) -> Vec<&str> {
    let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '-');
    let mut found = Vec::new();
    for word in words {
        let word =
            word.trim_end_matches("'s").trim_end_matches("’s").trim_matches(['\'', '’', '-']);
        let letters = || word.chars().filter(|c| c.is_alphabetic());
        let is_acronym = letters().count() > 1 && letters().all(char::is_uppercase);
        let start = word.as_ptr().addr() - sentence.as_ptr().addr();
        let before = sentence[..start].trim_end();
        let begins =
            before.is_empty() || before.ends_with([':', '“', '"', '(', '‘', '—', '.', '?', '!']);
        let is_name = word.starts_with(char::is_uppercase) && !begins && word != "I";
        if is_acronym && word != "I" || is_name {
            found.push(word);
        }
    }
    found
}

/// What a sentence quotes.
fn quoted(sentence: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (open, close) in QUOTES {
        let mut rest = sentence;
        while let Some((_, quote)) = rest.split_once(open)
            && let Some((quote, beyond)) = quote.split_once(close)
        {
            found.extend(quote.contains(char::is_alphanumeric).then_some(quote));
            rest = beyond;
        }
    }
    found
}
