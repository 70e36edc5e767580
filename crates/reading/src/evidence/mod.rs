//! Where in a source the sentences of a text about it come from.
//!
//! A sentence that stands in the source word for word, whatever the white space, marks and case, has
//! that place. For another one the places are those of the source's sentences that share the most
//! telling words with it, and it counts as found only when its numbers, names and quoted words are
//! there, too. That says where something can be looked up, and not that it is true.

mod claims;
mod folded;
mod ranking;

use std::cell::OnceCell;

use protocol::Span;

use folded::Folded;
use ranking::Ranking;

/// Sentences of one text that are looked up at most.
const MOST_SENTENCES: usize = 400;

/// A sentence of a text, and its places in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounded {
    /// The sentence, in characters of the text.
    pub sentence: Span,
    /// Its places, in characters of the source and in its order.
    pub places: Vec<Span>,
    /// Whether what it names is there.
    pub is_found: bool,
    /// Whether it stands there word for word.
    pub is_verbatim: bool,
}

/// A source in which places are looked up.
pub struct Source<'a> {
    text: &'a str,
    folded: Folded,
    /// Made when a sentence does not stand in the source word for word.
    ranking: OnceCell<Ranking<'a>>,
}

impl<'a> Source<'a> {
    /// Reads a source.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        Self { text, folded: Folded::of(text), ranking: OnceCell::new() }
    }

    /// The sentences of `text` with their places. A sentence without words has none, and neither has
    /// one that shares no script with the source, as a translation: of that nothing is said.
    #[must_use]
    pub fn ground(&self, text: &str) -> Vec<Grounded> {
        let sentences = sentences(text).into_iter().take(MOST_SENTENCES);
        sentences.filter_map(|(sentence, words)| self.ground_one(sentence, words)).collect()
    }

    fn ground_one(&self, sentence: Span, words: &str) -> Option<Grounded> {
        if !words.contains(char::is_alphanumeric) {
            return None;
        }
        if let Some(place) = self.folded.find(words) {
            let places = vec![place];
            return Some(Grounded { sentence, places, is_found: true, is_verbatim: true });
        }
        let ranking = self.ranking.get_or_init(|| Ranking::of(self.text));
        let places = ranking.places(words)?;
        let told: String = places.iter().map(|place| ranking.text(*place)).collect();
        let is_found = !places.is_empty() && claims::are_in(words, &told);
        let places = places.iter().map(|place| ranking.span(*place)).collect();
        Some(Grounded { sentence, places, is_found, is_verbatim: false })
    }
}

/// The sentences of a text, with their places in characters.
fn sentences(text: &str) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    let (mut at, mut chars) = (0, 0);
    for line in text.split_inclusive('\n') {
        for sentence in llm::lexical::sentences(line) {
            // A sentence is a slice of its line, and that one of the text.
            let start = sentence.as_ptr().addr() - text.as_ptr().addr();
            chars += text.get(at..start).unwrap_or_default().chars().count() as u64;
            at = start;
            let end = chars + sentence.chars().count() as u64;
            found.push((Span { start: chars, end }, sentence));
        }
    }
    found
}

#[cfg(test)]
mod tests;
