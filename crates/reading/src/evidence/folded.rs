use protocol::Span;

/// A text's letters and digits in lower case, each with its place: white space, marks and case do
/// not keep two texts from being the same.
pub(super) struct Folded {
    letters: String,
    /// The place of each letter's character in the text; the text of no model is longer than that.
    places: Vec<u32>,
    /// Whether each letter begins a word.
    begins: Vec<bool>,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self { letters: String::new(), places: Vec::new(), begins: Vec::new() };
        let mut is_within = false;
        for (place, char) in (0..).zip(text.chars()) {
            if !char.is_alphanumeric() {
                is_within = false;
                continue;
            }
            for lower in char.to_lowercase().filter(|lower| lower.is_alphanumeric()) {
                folded.letters.push(lower);
                folded.places.push(place);
                folded.begins.push(!is_within || is_unspaced(char));
                is_within = true;
            }
        }
        folded
    }

    /// Where `words` first stand, whole words and in their order.
    pub(super) fn find(&self, words: &str) -> Option<Span> {
        let sought = Self::of(words).letters;
        let length = sought.chars().count();
        let (mut from, mut skipped) = (0, 0);
        while let Some(at) = self.letters.get(from..)?.find(&sought).filter(|_| length > 0) {
            let first = skipped + self.letters.get(from..from + at)?.chars().count();
            let last = first + length - 1;
            let ends = self.begins.get(last + 1).is_none_or(|begins| *begins);
            if ends && self.begins.get(first).is_some_and(|begins| *begins) {
                let (start, end) = (*self.places.get(first)?, *self.places.get(last)?);
                return Some(Span { start: start.into(), end: u64::from(end) + 1 });
            }
            let next = self.letters.get(from + at..)?.chars().next().map_or(1, char::len_utf8);
            (from, skipped) = (from + at + next, first + 1);
        }
        None
    }
}

/// Whether no spaces part words of that character's script.
pub(super) fn is_unspaced(char: char) -> bool {
    matches!(char, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
        | '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}
