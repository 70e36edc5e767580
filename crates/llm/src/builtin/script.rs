//! What a character is to a reader: how much it says, and whether spaces stand between words.

/// Weight of a character of an alphabet.
pub(super) const LETTER: usize = 3;
/// Weight of a Han character, kana or hangul syllable: it says what about three letters say.
pub(super) const IDEOGRAPH: usize = 8;

/// Whether a character is Han, kana, or punctuation made for them.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{303F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF65}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a character is of a South-East Asian script that puts spaces between phrases only.
pub(super) fn is_phrase_spaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// Whether a character is part of words that no space parts.
pub(super) fn is_unspaced(c: char) -> bool {
    c.is_alphanumeric() && (is_cjk(c) || is_phrase_spaced(c))
}

/// How much a text says, in thirds of a letter.
pub(super) fn weight(text: &str) -> usize {
    text.chars().map(char_weight).sum()
}

/// How much a character says.
pub(super) fn char_weight(c: char) -> usize {
    if is_cjk(c) || matches!(c, '\u{AC00}'..='\u{D7A3}') { IDEOGRAPH } else { LETTER }
}

/// Whether a character ends a sentence. Closing quotes are not looked through.
pub(super) fn is_terminal(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '．'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '။'
            | '៕'
            | '։'
    )
}

/// Whether a character closes a quotation or a bracket.
pub(super) fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）' | '】' | '》' | '〉')
}

/// Whether a text ends like a sentence does.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(is_closing).ends_with(is_terminal)
}

/// The longest start of a text whose weight is at most `limit`, cut between characters as a
/// reader sees them.
pub(super) fn take(text: &str, limit: usize) -> &str {
    use unicode_segmentation::UnicodeSegmentation;

    let mut said = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        said += weight(grapheme);
        if said > limit {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}
