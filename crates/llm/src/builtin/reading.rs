//! A text as the extractor sees it: its sentences, each with a score for how much of the whole
//! it tells.
//!
//! The score is the centrality of LexRank (Erkan and Radev, 2004) in the form that takes linear
//! time: the sum of a sentence's cosines with all others is its product with the sum of them all.
//! Where it stands, how it is built and how well it stands alone shift it.

use std::collections::{HashMap, HashSet};

use super::block::{self, Kind};
use super::clause;
use super::sample::sample;
use super::script::{self, LETTER, ends_sentence, is_closing};
use super::sentence::{is_balanced, sentences};
use super::term::Vocabulary;

/// A text, read.
pub(super) struct Reading {
    /// How much of it was read, in characters.
    pub(super) chars: usize,
    /// All headings.
    pub(super) headings: Vec<String>,
    /// How many of them stand before the first sentence.
    titles: usize,
    /// Whether most of it is lists.
    pub(super) listed: bool,
    /// What the text says, in its order. No sentence is there twice.
    pub(super) sentences: Vec<Sentence>,
    pub(super) vocabulary: Vocabulary,
    /// How much of the text is about each term.
    pub(super) topics: HashMap<String, f32>,
}

/// A sentence and what it is worth.
pub(super) struct Sentence {
    pub(super) text: String,
    /// Which paragraph or list item it stands in.
    pub(super) block: usize,
    /// Whether it was the first there.
    opens: bool,
    /// How well it stands alone, 0 to 1.
    sound: f32,
    pub(super) terms: Vec<String>,
    /// Weights by number of the term, rising, of length one.
    vector: Vec<(usize, f32)>,
    /// What it is worth in a summary, 0 to about 1.
    pub(super) score: f32,
}

impl Reading {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let parts = sample(text);
        let chars = parts.iter().map(|part| part.chars().count()).sum();
        let blocks: Vec<block::Block> = parts.into_iter().flat_map(block::blocks).collect();
        let prose = |block: &&block::Block| block.kind != Kind::Heading;
        let told: String =
            blocks.iter().filter(prose).take(40).map(|block| block.text.as_str()).collect();
        let vocabulary = Vocabulary::of(if told.is_empty() { text } else { &told });

        let headings: Vec<String> =
            blocks.iter().filter(|block| !prose(block)).map(|block| block.text.clone()).collect();
        let mut titles = blocks.iter().take_while(|block| !prose(block)).count();
        let items = blocks.iter().filter(|block| block.kind == Kind::Item).count();
        let mut sentences = collect(&blocks, &vocabulary, |kind| kind != Kind::Heading);
        if sentences.is_empty() {
            titles = 0;
            sentences = collect(&blocks, &vocabulary, |_| true);
        }
        let topics = weigh(&mut sentences, &vocabulary, &headings[..titles]);
        Self {
            chars,
            headings,
            titles,
            listed: items * 2 > sentences.len(),
            sentences,
            vocabulary,
            topics,
        }
    }

    /// The headings before the first sentence.
    pub(super) fn titles(&self) -> &[String] {
        self.headings.get(..self.titles).unwrap_or_default()
    }
}

impl Sentence {
    /// How much two sentences say the same, 0 to 1.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        let (mut left, mut right) = (self.vector.iter().peekable(), other.vector.iter().peekable());
        let mut sum = 0.0;
        while let (Some(&&(term, weight)), Some(&&(other_term, other_weight))) =
            (left.peek(), right.peek())
        {
            if term <= other_term {
                left.next();
            }
            if other_term <= term {
                right.next();
            }
            if term == other_term {
                sum += weight * other_weight;
            }
        }
        sum
    }
}

fn collect(
    blocks: &[block::Block],
    vocabulary: &Vocabulary,
    wanted: impl Fn(Kind) -> bool,
) -> Vec<Sentence> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (number, block) in blocks.iter().enumerate().filter(|(_, block)| wanted(block.kind)) {
        for (place, text) in sentences(&block.text).into_iter().enumerate() {
            if seen.insert(text) {
                found.push(Sentence {
                    text: text.to_owned(),
                    block: number,
                    opens: place == 0,
                    sound: soundness(text, block.kind),
                    terms: vocabulary.terms(text),
                    vector: Vec::new(),
                    score: 0.0,
                });
            }
        }
    }
    if found.iter().any(|sentence| sentence.text.contains(char::is_alphanumeric)) {
        found.retain(|sentence| sentence.text.contains(char::is_alphanumeric));
    }
    found
}

/// Gives every sentence its vector and score, and answers how much the text is about each term.
#[expect(clippy::cast_precision_loss, reason = "counts of sentences are small")]
fn weigh(
    sentences: &mut [Sentence],
    vocabulary: &Vocabulary,
    titles: &[String],
) -> HashMap<String, f32> {
    let titled: HashSet<String> = titles.iter().flat_map(|title| vocabulary.terms(title)).collect();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut found_in: Vec<f32> = Vec::new();
    let counts: Vec<Vec<(usize, f32)>> = sentences
        .iter()
        .map(|sentence| {
            let counted = count(&sentence.terms, &mut numbers);
            found_in.resize(numbers.len(), 0.0);
            counted.iter().for_each(|&(term, _)| found_in[term] += 1.0);
            counted
        })
        .collect();

    let all = sentences.len() as f32;
    let rarity: Vec<f32> = found_in.iter().map(|&found| (1.0 + all / found).ln().sqrt()).collect();
    let vectors: Vec<Vec<(usize, f32)>> =
        counts.into_iter().map(|counts| unit(counts, &rarity)).collect();
    let mut sum = vec![0.0_f32; found_in.len()];
    vectors.iter().flatten().for_each(|&(term, weight)| sum[term] += weight);
    // What one sentence alone says, the text is hardly about.
    sum.iter_mut().zip(&found_in).for_each(|(sum, found)| *sum *= 1.0 - 0.8 / found);
    // What a text is titled with, it is about.
    titled.iter().filter_map(|term| numbers.get(term.as_str())).for_each(|&term| sum[term] *= 1.5);

    let topics = numbers.into_iter().map(|(term, number)| (term.to_owned(), sum[number])).collect();
    score(sentences, vectors, &sum);
    topics
}

/// Gives every sentence its score and its vector; `sum` is how much the text is about each term.
fn score(sentences: &mut [Sentence], vectors: Vec<Vec<(usize, f32)>>, sum: &[f32]) {
    let central: Vec<f32> = vectors
        .iter()
        .map(|vector| vector.iter().map(|&(term, weight)| weight * sum[term]).sum())
        .collect();
    let highest = central.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let count = sentences.len();
    for ((place, sentence), (vector, central)) in
        sentences.iter_mut().enumerate().zip(vectors.into_iter().zip(central))
    {
        sentence.score =
            (0.65 * central / highest + standing(place, count, sentence.opens)) * sentence.sound;
        sentence.vector = vector;
    }
}

/// The distinct terms by number, rising, with how often each is there.
fn count<'a>(terms: &'a [String], numbers: &mut HashMap<&'a str, usize>) -> Vec<(usize, f32)> {
    let mut counted: Vec<(usize, f32)> = Vec::new();
    let mut named: Vec<usize> = terms
        .iter()
        .map(|term| {
            let next = numbers.len();
            *numbers.entry(term).or_insert(next)
        })
        .collect();
    named.sort_unstable();
    for term in named {
        match counted.last_mut() {
            Some((last, count)) if *last == term => *count += 1.0,
            _ => counted.push((term, 1.0)),
        }
    }
    counted
}

/// The vector of length one of what was counted; terms found all over weigh less.
fn unit(counts: Vec<(usize, f32)>, rarity: &[f32]) -> Vec<(usize, f32)> {
    let weighed: Vec<(usize, f32)> =
        counts.into_iter().map(|(term, count)| (term, count.sqrt() * rarity[term])).collect();
    // A sentence of one or two terms would be all about them: such are held down.
    let length = weighed.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(2.0);
    weighed.into_iter().map(|(term, weight)| (term, weight / length)).collect()
}

/// What a sentence's place is worth: beginnings tell, of texts and of paragraphs, and so do ends.
#[expect(clippy::cast_precision_loss, reason = "places are small")]
fn standing(place: usize, count: usize, opens: bool) -> f32 {
    let lead = 0.3 / (1.0 + place as f32);
    let last = if count > 8 && place + 2 >= count { 0.06 } else { 0.0 };
    lead + last + if opens { 0.06 } else { 0.0 }
}

/// How well a sentence stands alone, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "lengths of sentences are small")]
fn soundness(text: &str, kind: Kind) -> f32 {
    let weight = script::weight(text);
    let said = text.chars().filter(|c| !c.is_whitespace()).count().max(1) as f32;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count() as f32 / said;
    let spoken = text.starts_with(['"', '“', '「', '『', '—', '‘']);
    let faults = [
        (weight < 15 * LETTER, 0.4),
        (weight < 32 * LETTER, 0.75),
        (weight > 240 * LETTER, 0.8),
        (text.ends_with([':', '：']), 0.3),
        (text.trim_end_matches(is_closing).ends_with(['?', '？', '؟']), 0.7),
        (!ends_sentence(text), 0.85),
        // `Present: Ana, Bo`
        (!ends_sentence(text) && kind == Kind::Paragraph && clause::label(text).is_some(), 0.3),
        (!is_balanced(text), 0.6),
        (clause::dangles(text), 0.7),
        (spoken, 0.75),
        (text.contains("://") || text.contains('@'), 0.5),
        (letters < 0.7, 0.5),
    ];
    faults.iter().filter(|(found, _)| *found).map(|(_, factor)| factor).product()
}
