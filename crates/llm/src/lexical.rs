//! What a text is about, as far as its words tell: the built-in engine's sentences and terms, for
//! those who choose what a model is to read.

use crate::builtin::{Vocabulary, sentences as sentences_of};

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
