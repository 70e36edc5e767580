use std::ops::Range;

/// How many terms of a query are looked for; more are ignored.
const MOST_TERMS: usize = 16;

/// How many characters of a term are looked for. No one types longer words.
const MOST_TERM_CHARS: usize = 64;

/// Words of at least this many characters are also found as the beginning of longer ones.
const LEAST_PREFIX_CHARS: usize = 3;

/// How many characters an excerpt shows before the first hit.
const CHARS_BEFORE: usize = 24;

/// How many characters an excerpt has at most.
const EXCERPT_CHARS: usize = 160;

/// What a search looks for: terms that must all be there, in any order.
///
/// A word is found in any case of letters, where a word is equal to it or, if it has three
/// characters or more, begins with it. Chinese, Japanese and Korean are written without reliable
/// spaces between words: there, a term is found wherever its characters follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery {
    terms: Vec<Term>,
}

/// One thing that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A word in lower case.
    Word(String),
    /// Characters of a script without spaces.
    Run(String),
}

/// A piece of a text that belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// Where it begins, in bytes.
    pub at: usize,
    /// The piece.
    pub text: &'a str,
    /// Whether its script has no spaces between words.
    pub is_unspaced: bool,
}

impl SearchQuery {
    /// Reads what someone typed.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let mut terms = Vec::new();
        for run in runs(typed) {
            let text = run.text.chars().take(MOST_TERM_CHARS);
            let term = match run.is_unspaced {
                true => Term::Run(text.collect()),
                false => Term::Word(text.flat_map(char::to_lowercase).collect()),
            };
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms.truncate(MOST_TERMS);
        Self { terms }
    }

    /// The terms; none when nothing but signs was typed, which is found nowhere.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether every term is in one of `texts`, and there is a term at all.
    #[must_use]
    pub fn is_in(&self, texts: &[&str]) -> bool {
        let is_found = |term: &Term| texts.iter().any(|text| !term.hits(text).is_empty());
        !self.terms.is_empty() && self.terms.iter().all(is_found)
    }

    /// Where terms stand in `text`, in bytes: in order, and apart from each other.
    #[must_use]
    pub fn hits(&self, text: &str) -> Vec<Range<usize>> {
        let mut hits: Vec<_> = self.terms.iter().flat_map(|term| term.hits(text)).collect();
        hits.sort_by_key(|hit| (hit.start, hit.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(hits.len());
        for hit in hits {
            match apart.last_mut() {
                Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
                _ => apart.push(hit),
            }
        }
        apart
    }

    /// The surroundings of the first hit in `text`, on one line; nothing where there is no hit.
    #[must_use]
    pub fn excerpt(&self, text: &str) -> Option<String> {
        let hit = self.hits(text).into_iter().next()?;
        let before = text[..hit.start].char_indices().rev().take(CHARS_BEFORE).last();
        let start = before.map_or(hit.start, |(at, _)| at);
        let rest: Vec<&str> = text[start..].split_whitespace().take(EXCERPT_CHARS).collect();
        let mut excerpt: String = rest.join(" ").chars().take(EXCERPT_CHARS).collect();
        if start > 0 {
            excerpt.insert(0, '…');
        }
        Some(excerpt)
    }
}

impl Term {
    /// Whether this is also looked for as the beginning of longer words.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        matches!(self, Self::Word(word) if word.chars().nth(LEAST_PREFIX_CHARS - 1).is_some())
    }

    fn hits(&self, text: &str) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        for run in runs(text) {
            match self {
                Self::Run(term) if run.is_unspaced => {
                    let found = run.text.match_indices(term.as_str());
                    hits.extend(found.map(|(at, hit)| run.at + at..run.at + at + hit.len()));
                }
                Self::Word(term) if !run.is_unspaced => {
                    if let Some(bytes) = beginning(run.text, term)
                        && (bytes == run.text.len() || self.is_prefix())
                    {
                        hits.push(run.at..run.at + bytes);
                    }
                }
                _ => {}
            }
        }
        hits
    }
}

/// How many bytes of `word` are `lower` when letters are folded to lower case.
fn beginning(word: &str, lower: &str) -> Option<usize> {
    let mut rest = lower;
    for (at, character) in word.char_indices() {
        if rest.is_empty() {
            return Some(at);
        }
        for folded in character.to_lowercase() {
            rest = rest.strip_prefix(folded)?;
        }
    }
    rest.is_empty().then_some(word.len())
}

/// The words of a text, and what is written without spaces between words. What is neither letter
/// nor number separates.
pub fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let at = rest + text[rest..].find(char::is_alphanumeric)?;
        let is_unspaced = text[at..].chars().next().is_some_and(is_unspaced);
        let ends = |it: char| !it.is_alphanumeric() || self::is_unspaced(it) != is_unspaced;
        let end = text[at..].find(ends).map_or(text.len(), |length| at + length);
        rest = end;
        Some(Run { at, text: &text[at..end], is_unspaced })
    })
}

/// Whether a character belongs to Chinese, Japanese or Korean.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{312F}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(query: &str, text: &str) -> String {
        let (mut marked, mut at) = (String::new(), 0);
        for hit in SearchQuery::new(query).hits(text) {
            marked += &text[at..hit.start];
            marked += &format!("[{}]", &text[hit.clone()]);
            at = hit.end;
        }
        marked + &text[at..]
    }

    #[test]
    fn words_and_characters_are_found() {
        for (query, text, expected) in [
            ("harbour", "The HARBOURS of the harbour", "The [HARBOUR]S of the [harbour]"),
            ("on", "On once, on", "[On] once, [on]"),
            ("model big", "A big model", "A [big] [model]"),
            ("模型", "大模型的模型。", "大[模型]的[模型]。"),
            ("型", "大模型", "大模[型]"),
            ("用GPT写", "我们用GPT-4写作", "我们[用GPT]-4[写]作"),
            ("ÉLAN", "un élan", "un [élan]"),
            ("<b>", "a <b> c", "a <[b]> c"),
        ] {
            assert_eq!(marked(query, text), expected, "{query}");
        }
    }

    #[test]
    fn all_terms_must_be_there() {
        let query = SearchQuery::new("ice 模型 ice");
        assert_eq!(query.terms().len(), 2);
        assert!(query.is_in(&["The ice.", "大模型"]));
        assert!(!query.is_in(&["The ice."]));
        for signs in ["", " ", "%", "\"' OR *", "！？"] {
            let found = SearchQuery::new(signs).is_in(&["a % \"' * ！？"]);
            assert!(!found, "{signs}");
        }
    }

    #[test]
    fn an_excerpt_shows_the_first_hit() {
        let text = format!("{} the needle\n in  hay {}", "straw ".repeat(99), "x ".repeat(99));
        let excerpt = SearchQuery::new("needle").excerpt(&text).unwrap();
        assert!(excerpt.starts_with('…') && excerpt.contains("the needle in hay x"), "{excerpt}");
        assert!(excerpt.chars().count() <= EXCERPT_CHARS + 1);
        assert_eq!(SearchQuery::new("pin").excerpt(&text), None);
    }
}
