use std::collections::{HashMap, HashSet};
use std::ops::Range;

use llm::lexical::Terms;
use protocol::Span;

use super::folded::is_unspaced;

/// Places that a sentence has at most.
const MOST_PLACES: usize = 4;
/// The share of a sentence's terms, by what they tell, that its places have together at least.
const ENOUGH: f32 = 0.4;
/// What a further place must add to that.
const GAIN: f32 = 0.12;
/// A share of letters without spaces between words by which a text counts as of such a script.
const UNSPACED: f32 = 0.3;

/// The sentences of a source by the terms that they use.
pub(super) struct Ranking<'a> {
    source: &'a str,
    sentences: Vec<Sentence>,
    terms: Terms,
    /// In which sentences each term is found, rising.
    found_in: HashMap<String, Vec<u32>>,
    is_unspaced: bool,
}

struct Sentence {
    bytes: Range<usize>,
    span: Span,
}

impl<'a> Ranking<'a> {
    pub(super) fn of(source: &'a str) -> Self {
        let terms = Terms::of(source);
        let mut found_in: HashMap<String, Vec<u32>> = HashMap::new();
        let mut sentences = Vec::new();
        for (number, (span, words)) in (0..).zip(super::sentences(source)) {
            let start = words.as_ptr().addr() - source.as_ptr().addr();
            sentences.push(Sentence { bytes: start..start + words.len(), span });
            for term in terms.list(words) {
                let places = found_in.entry(term).or_default();
                if places.last() != Some(&number) {
                    places.push(number);
                }
            }
        }
        Self { source, sentences, terms, found_in, is_unspaced: is_of_unspaced_script(source) }
    }

    /// The numbers of the sentences that `words` seem to come from, rising; none at all when nothing
    /// can be said.
    pub(super) fn places(&self, words: &str) -> Option<Vec<usize>> {
        if is_of_unspaced_script(words) != self.is_unspaced {
            return None;
        }
        let asked: HashSet<String> = self.terms.list(words).into_iter().collect();
        let weights: HashMap<&str, f32> =
            asked.iter().map(|term| (term.as_str(), self.weight(term))).collect();
        let whole: f32 = weights.values().sum();
        let (mut chosen, mut covered) = (Vec::new(), HashSet::new());
        let mut share = 0.0;
        while chosen.len() < MOST_PLACES {
            let Some((place, gain)) = self.best(&weights, &covered) else { break };
            if gain < GAIN * whole {
                break;
            }
            share += gain / whole.max(f32::EPSILON);
            let place_terms = weights.keys().filter(|term| self.has(term, place)).copied();
            covered.extend(place_terms);
            chosen.push(place as usize);
        }
        if share < ENOUGH {
            return Some(Vec::new());
        }
        chosen.sort_unstable();
        Some(chosen)
    }

    /// The sentence that has the most of what is not covered yet, the first among equals.
    fn best(&self, weights: &HashMap<&str, f32>, covered: &HashSet<&str>) -> Option<(u32, f32)> {
        let mut gains: HashMap<u32, f32> = HashMap::new();
        for (term, weight) in weights.iter().filter(|(term, _)| !covered.contains(*term)) {
            for place in self.found_in.get(*term).into_iter().flatten() {
                *gains.entry(*place).or_default() += weight;
            }
        }
        gains.into_iter().max_by(|(a, gain), (b, other)| gain.total_cmp(other).then(b.cmp(a)))
    }

    fn has(&self, term: &str, place: u32) -> bool {
        self.found_in.get(term).is_some_and(|places| places.binary_search(&place).is_ok())
    }

    /// How much a term tells: the fewer sentences have it, the more. One that the source lacks tells
    /// as much as the rarest.
    #[expect(clippy::cast_precision_loss, reason = "a weight need not be exact")]
    fn weight(&self, term: &str) -> f32 {
        let found = self.found_in.get(term).map_or(1, Vec::len);
        (1.0 + self.sentences.len() as f32 / found as f32).ln()
    }

    pub(super) fn text(&self, place: usize) -> &str {
        let bytes = self.sentences.get(place).map(|sentence| sentence.bytes.clone());
        bytes.and_then(|bytes| self.source.get(bytes)).unwrap_or_default()
    }

    pub(super) fn span(&self, place: usize) -> Span {
        self.sentences.get(place).map_or(Span { start: 0, end: 0 }, |sentence| sentence.span)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
fn is_of_unspaced_script(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(2_000);
    let (mut all, mut unspaced) = (0, 0);
    for letter in letters {
        all += 1;
        unspaced += usize::from(is_unspaced(letter));
    }
    unspaced as f32 > UNSPACED * all as f32
}
