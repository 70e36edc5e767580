//! What a text is about, as far as its words tell: the built-in engine's sentences and terms, for
//! those who choose what a model is to read.

use crate::builtin::{Vocabulary, best_sentences as best_sentences_of, sentences as sentences_of};

/// The terms of texts in one language: words in lower case without those that only hold sentences
/// together, and pairs of characters where no space parts words.
pub struct Terms(Vocabulary);

impl Terms {
    /// For texts in the language that `sample` seems to be in.
    #[must_use]
    pub fn of(sample: &str) -> Self {
        Self(Vocabulary::of(sample))
    }

    /// The terms of `text` in their order, with repeats.
    #[must_use]
    pub fn list(&self, text: &str) -> Vec<String> {
        self.0.terms(text)
    }
}

/// The sentences of a paragraph, in order, each a slice of it.
#[must_use]
pub fn sentences(paragraph: &str) -> Vec<&str> {
    sentences_of(paragraph)
}

/// The sentences of a text that tell the most of it, word for word and in its order, of at most
/// `most_chars` characters together. It takes the processor for some milliseconds for each 100 KB.
#[must_use]
pub fn best_sentences(text: &str, most_chars: usize) -> String {
    best_sentences_of(text, most_chars)
}

/// The ISO 639-3 code of the language that a text is in, where that is certain: a few words tell
/// none.
#[must_use]
pub fn language_of(text: &str) -> Option<&'static str> {
    let found = whatlang::detect(text)?;
    found.is_reliable().then(|| found.lang().code())
}
