//! Parts a paragraph into sentences: the boundaries of Unicode's UAX #29, put right where
//! abbreviations, initials and quotations mislead them.

use unicode_segmentation::UnicodeSegmentation;

use super::clause;
use super::lexicon::{OPENERS, SHORTENED, TITLES};
use super::script::{self, is_closing};

/// Bytes handed to the segmenter at once: it takes time with the square of some rows of signs.
const WINDOW: usize = 4000;
/// A longer sentence is parted at its clauses.
const LONGEST: usize = 420 * script::LETTER;
/// The parts of such a sentence are about this long.
const PART: usize = 200 * script::LETTER;
/// A quotation is kept together up to this.
const QUOTATION: usize = 260 * script::LETTER;

/// Characters within which `说` follows a quotation and the speaker.
const SPEAKER: usize = 14;

/// The sentences of a paragraph, in order, each a slice of it.
pub(crate) fn sentences(paragraph: &str) -> Vec<&str> {
    let mut whole: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for fragment in fragments(paragraph) {
        let next = end + fragment.len();
        let so_far = paragraph.get(start..end).unwrap_or_default();
        if !so_far.is_empty() && !belongs(so_far, fragment) {
            whole.push(so_far);
            start = end;
        }
        end = next;
    }
    whole.push(paragraph.get(start..).unwrap_or_default());
    whole.into_iter().flat_map(shorten).map(str::trim).filter(|text| !text.is_empty()).collect()
}

/// What lies between the segmenter's boundaries; together they are the paragraph.
fn fragments(paragraph: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = paragraph;
    while !rest.is_empty() {
        let (window, beyond) = rest.split_at(rest.floor_char_boundary(WINDOW));
        let count = found.len();
        found.extend(window.split_sentence_bounds());
        // The last one may go on beyond the window.
        let carried = match found.last() {
            Some(last) if !beyond.is_empty() && found.len() > count + 1 => last.len(),
            _ => 0,
        };
        if carried > 0 {
            found.pop();
        }
        rest = rest.get(window.len() - carried..).unwrap_or_default();
    }
    found
}

/// Whether a fragment goes on with the sentence before it.
fn belongs(so_far: &str, fragment: &str) -> bool {
    let ended = so_far.trim_end();
    let next = fragment.trim_start();
    next.starts_with(char::is_lowercase)
        || next.chars().all(|c| !c.is_alphanumeric())
        || ended.ends_with('.') && abbreviated(ended, next)
        || script::weight(so_far) < QUOTATION && (is_open(ended) || speech_tag(ended, next))
}

/// Whether the dot at the end of a text is an abbreviation's.
fn abbreviated(ended: &str, next: &str) -> bool {
    let word = ended.rsplit([' ', '(', '“', '"']).next().unwrap_or_default();
    let word = word.trim_end_matches('.');
    let lower = word.to_lowercase();
    let initials = word
        .split('.')
        .all(|part| part.chars().count() == 1 && part.chars().all(char::is_uppercase));
    // `No. 7` is a number, `No.` an answer.
    let number = next.starts_with(|c: char| c.is_ascii_digit());
    if TITLES.has(&lower) && (lower != "no" || number) {
        return true;
    }
    let opener = next.split([' ', '\'', ',']).next().is_some_and(|word| OPENERS.has(word));
    (initials && word != "I" || SHORTENED.has(&lower)) && !opener
}

/// Whether a quotation or bracket was opened and not closed yet.
fn is_open(text: &str) -> bool {
    let pairs = [('“', '”'), ('「', '」'), ('『', '』'), ('（', '）'), ('(', ')'), ('《', '》')];
    let count = |sign: char| text.chars().filter(|&c| c == sign).count();
    count('"') % 2 == 1 || pairs.iter().any(|&(open, close)| count(open) > count(close))
}

/// Whether `她问` or the like follows a quotation.
fn speech_tag(ended: &str, next: &str) -> bool {
    ended.ends_with(['”', '」', '』'])
        && !next.starts_with(['“', '「', '『'])
        && next.chars().take(SPEAKER).any(|c| "说问道喊答叫説問".contains(c))
}

/// The sentence, or its parts when it is too long to quote.
fn shorten(sentence: &str) -> Vec<&str> {
    if script::weight(sentence) <= LONGEST {
        return vec![sentence];
    }
    let mut parts = Vec::new();
    let mut rest = sentence;
    while script::weight(rest.get(..rest.floor_char_boundary(LONGEST * 2)).unwrap_or_default())
        > LONGEST
    {
        let near = script::take(rest, PART);
        let near = if near.is_empty() { script::take(rest, usize::MAX) } else { near };
        let half = script::weight(near) / 2;
        let cut = clause::last_boundary(near, half)
            .or_else(|| near.rfind(char::is_whitespace).filter(|&at| at > 0))
            .unwrap_or(near.len());
        let (part, beyond) = rest.split_at(cut);
        parts.push(part);
        rest = beyond;
    }
    parts.push(rest);
    parts
}

/// Whether quotation marks and brackets of a sentence come in pairs.
pub(super) fn is_balanced(text: &str) -> bool {
    let closes = text.chars().filter(|&c| is_closing(c) && !"'’\"".contains(c)).count();
    let opens = text.chars().filter(|&c| "([“«「『（【《〈".contains(c)).count();
    closes == opens && text.matches('"').count().is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_where_a_reader_sees_them() {
        let cases: [&[&str]; 12] = [
            &["Dr. Lee met Mr. J. R. Ode in the U.S. capital.", "They agreed."],
            &["It grew by 3.5 percent, e.g. in Ghana.", "Nobody saw it coming!"],
            &["She moved to the U.S.", "He stayed."],
            &["\"Are you coming?\" she asked.", "Nobody spoke."],
            &["He said: \"I came. I saw. I left.\"", "Then he sat down."],
            &["Well... maybe.", "Wait… what?", "Yes."],
            &["今天下雨了。", "你带伞了吗？", "没有！", "那就走吧……"],
            &["“你来吗？”他问。", "她没有回答。"],
            &["他说：“我来了。我走了。”", "大家都笑了。"],
            &["これはペンです。", "あれは本です。"],
            &["هل هذا كتاب؟", "نعم."],
            &["See Fig. 3 and No. 7 at 10 a.m. Monday.", "We left at 5 p.m.", "The end."],
        ];
        for parts in cases {
            let cjk = parts.concat().contains(script::is_cjk);
            let text = parts.join(if cjk { "" } else { " " });
            assert_eq!(sentences(&text), parts, "{text}");
        }
    }

    #[test]
    fn an_endless_sentence_is_parted_between_words() {
        let text = "word after word and no end in sight ".repeat(400);
        let parts = sentences(&text);
        assert!(parts.len() > 10);
        assert!(parts.iter().all(|part| script::weight(part) <= LONGEST));
        assert_eq!(parts.join(" "), text.trim_end());
    }

    #[test]
    fn windows_do_not_part_sentences() {
        let text = "Each of these sentences is as long as the next one. ".repeat(300);
        assert!(sentences(&text).iter().all(|part| part.len() == 51));
    }
}
