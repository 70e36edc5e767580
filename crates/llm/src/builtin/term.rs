//! The terms of a sentence: what it is about, as far as words tell.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;
use whatlang::Lang;

use super::lexicon::VAGUE;
use super::script::is_unspaced;

/// Han characters that build sentences rather than name things.
const HAN_FUNCTION: &str = "的了是在和与也就都而及或着过这那我你他她它们个有不为以于之其被把从对向到由很更最又还只才已将会能可要让给等所得地吧吗呢啊么但并如若则因此一年月";
/// Bytes that are enough to tell the language of a text.
const ENOUGH: usize = 4096;

/// Tells the words that mean something from those that hold sentences together.
pub(crate) struct Vocabulary {
    function_words: HashSet<&'static str>,
    english: bool,
}

impl Vocabulary {
    /// The vocabulary for the language that a text seems to be in.
    pub(crate) fn of(text: &str) -> Self {
        let near = text.get(..text.floor_char_boundary(ENOUGH)).unwrap_or_default();
        let language = whatlang::detect_lang(near);
        // English words stand in Chinese texts, and short English ones are often mistaken.
        let mut codes = vec!["zh", "en"];
        codes.extend(language.and_then(code));
        let function_words =
            codes.into_iter().filter_map(stop_words::lookup).flatten().copied().collect();
        Self { function_words, english: language.and_then(code).is_none() }
    }

    /// The terms of a text in their order, with repeats: words in lower case, and pairs of
    /// neighbours where no space parts words.
    pub(crate) fn terms(&self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        let mut previous: Option<(usize, &str)> = None;
        for (at, word) in text.unicode_word_indices() {
            if !word.starts_with(is_unspaced) {
                terms.extend(self.word(word));
                continue;
            }
            if let Some((_, before)) = previous.filter(|&(end, _)| end == at) {
                terms.extend(self.pair(before, word));
            }
            if word.chars().nth(1).is_some() {
                terms.push(word.to_owned());
            }
            previous = Some((at + word.len(), word));
        }
        terms
    }

    /// Whether a word only holds sentences together.
    pub(super) fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word.to_lowercase().as_str())
    }

    fn word(&self, word: &str) -> Option<String> {
        let word = word.to_lowercase().replace('’', "'");
        let telling = word.chars().nth(1).is_some()
            && word.chars().any(char::is_alphabetic)
            && !VAGUE.has(&word)
            && !self.function_words.contains(word.as_str());
        telling.then(|| if self.english { singular(&word) } else { word })
    }

    fn pair(&self, before: &str, after: &str) -> Option<String> {
        let single = |text: &str| text.chars().nth(1).is_none();
        let function =
            |text: &str| text.chars().any(|c| HAN_FUNCTION.contains(c) || is_hiragana(c));
        if !single(before) || !single(after) || function(before) || function(after) {
            return None;
        }
        let pair = format!("{before}{after}");
        (!self.function_words.contains(pair.as_str())).then_some(pair)
    }
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309F}')
}

/// An English word without the endings of plural and possession.
fn singular(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ if word.len() > 3 && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) => {
            word.strip_suffix('s').unwrap_or(word).to_owned()
        }
        _ => word.to_owned(),
    }
}

/// The code that the lists of stop words have for a language other than English and Chinese.
fn code(language: Lang) -> Option<&'static str> {
    Some(match language {
        Lang::Ara => "ar",
        Lang::Aze => "az",
        Lang::Bel => "be",
        Lang::Ben => "bn",
        Lang::Cat => "ca",
        Lang::Dan => "da",
        Lang::Deu => "de",
        Lang::Ell => "el",
        Lang::Fin => "fi",
        Lang::Fra => "fr",
        Lang::Heb => "he",
        Lang::Hun => "hu",
        Lang::Ind => "id",
        Lang::Ita => "it",
        Lang::Nep => "ne",
        Lang::Nld => "nl",
        Lang::Nob => "no",
        Lang::Por => "pt",
        Lang::Ron => "ro",
        Lang::Rus => "ru",
        Lang::Slv => "sl",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tam => "ta",
        Lang::Tur => "tr",
        Lang::Uzb => "uz",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_what_a_sentence_is_about() {
        let vocabulary =
            Vocabulary::of("The rivers of the city were buried long ago by its people.");
        assert_eq!(
            vocabulary.terms("The cities' Rivers, and the city's 12 dams"),
            ["city", "river", "city", "dam"]
        );
        assert_eq!(vocabulary.terms("我们的城市河流"), ["城市", "市河", "河流"]);
    }

    #[test]
    fn other_languages_have_their_own_small_words() {
        let text = "Der Fluss wurde vor hundert Jahren unter die Stadt gelegt, und niemand hat ihn seitdem gesehen.";
        assert!(
            !Vocabulary::of(text)
                .terms(text)
                .iter()
                .any(|term| ["der", "und", "die"].contains(&term.as_str()))
        );
    }
}
