//! Cuts clauses down to what a headline may hold.

use super::clause::{self, first_word};
use super::lexicon::SEAMS;
use super::reading::Reading;
use super::script::{self, LETTER, is_terminal};

/// The longest headline: 80 letters, or 30 Han characters.
pub(super) const LONGEST: usize = 80 * LETTER;
/// Characters before which a Chinese or Japanese clause may be cut.
const HAN_SEAMS: [char; 13] =
    ['的', '了', '和', '与', '并', '在', '将', '把', '从', 'の', 'を', 'は', '，'];

/// The longest beginning of a long clause that ends before a preposition or the like.
pub(super) fn seam<'a>(reading: &Reading, clause: &'a str) -> Option<&'a str> {
    if script::weight(clause) <= LONGEST {
        return None;
    }
    let near = script::take(clause, LONGEST);
    let mut seams = near.match_indices(' ').filter(|&(at, _)| {
        let next = first_word(clause.get(at + 1..).unwrap_or_default());
        let last = near.get(..at).and_then(|text| text.rsplit(' ').next()).unwrap_or_default();
        let seam =
            SEAMS.has(&next.to_lowercase()) && !(next == "and" && near.contains(" between "));
        let done = !reading.vocabulary.is_function_word(last)
            && !last.ends_with("ed")
            && !last.ends_with("ing");
        seam && done && script::weight(near.get(..at).unwrap_or_default()) > 25 * LETTER
    });
    seams.next_back().and_then(|(at, _)| near.get(..at)).map(trim)
}

/// The beginning of a text that has no better one, of at most that weight: cut between clauses or
/// words where there are any.
pub(super) fn cut(text: &str, limit: usize) -> &str {
    let text = trim(text);
    let near = script::take(text, limit);
    if near.len() == text.len() {
        return text;
    }
    let seam = clause::last_boundary(near, limit / 3)
        .or_else(|| near.rfind(' '))
        .or_else(|| near.rfind(HAN_SEAMS));
    let kept = seam.and_then(|at| near.get(..at)).map(trim).filter(|kept| !kept.is_empty());
    kept.unwrap_or(near)
}

/// A text without the stop, comma or dash at its end. Question marks stay, and so do the dots of
/// abbreviations.
pub(super) fn trim(text: &str) -> &str {
    let text = text.trim().trim_end_matches(|c: char| {
        is_terminal(c) && !matches!(c, '?' | '？' | '؟' | '.') || ",;:-–—，；：、،؛ ".contains(c)
    });
    let word = text.trim_end_matches('.').rsplit(' ').next().unwrap_or_default();
    if word.contains('.') { text } else { text.trim_end_matches('.') }
}
