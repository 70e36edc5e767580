//! A text as the extractor sees it: its sentences, each with a score for how much of the whole
//! it tells.
//!
//! The score is the centrality of LexRank (Erkan and Radev, 2004) in the form that takes linear
//! time: the sum of a sentence's cosines with all others is its product with the sum of them all.
//! Where it stands, how it is built and how well it stands alone shift it.

use std::collections::{HashMap, HashSet};

use super::block::{self, Kind};
use super::clause;
use super::markup::plain;
use super::paste;
use super::sample::sample;
use super::script::{self, LETTER, ends_sentence, is_closing};
use super::sentence::{is_balanced, sentences};
use super::term::Vocabulary;

/// Lines within which a text says what it is called.
const NEAR: usize = 20;

/// A text, read.
pub(super) struct Reading {
    /// How much of it was read, in characters.
    pub(super) chars: usize,
    /// What it calls itself in a heading of the first level.
    pub(super) name: Option<String>,
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
    /// Weights by number of the term, rising, of length one.
    vector: Vec<(u32, f32)>,
    /// What it is worth in a summary, 0 to about 1.
    pub(super) score: f32,
}

impl Reading {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let prose = paste::prose(text);
        let parts = sample(&prose);
        let is_whole = parts.len() == 1;
        let told = if is_whole { vec![text] } else { parts.clone() };
        let chars = told.iter().map(|part| part.chars().count()).sum();
        let blocks: Vec<block::Block> = parts.into_iter().flat_map(block::blocks).collect();
        let is_prose = |block: &&block::Block| block.kind != Kind::Heading;
        let told: String =
            blocks.iter().filter(is_prose).take(40).map(|block| block.text.as_str()).collect();
        let vocabulary = Vocabulary::of(if told.is_empty() { text } else { &told });

        let headings: Vec<String> = blocks
            .iter()
            .filter(|block| !is_prose(block))
            .map(|block| block.text.clone())
            .collect();
        let mut titles = blocks.iter().take_while(|block| !is_prose(block)).count();
        let items = blocks.iter().filter(|block| block.kind == Kind::Item).count();
        let mut terms = Terms::default();
        let mut sentences = collect(&blocks, &vocabulary, &mut terms, |kind| kind != Kind::Heading);
        if sentences.is_empty() {
            titles = 0;
            sentences = collect(&blocks, &vocabulary, &mut terms, |_| true);
        }
        let topics = weigh(&mut sentences, terms, &vocabulary, &headings[..titles]);
        Self {
            chars,
            name: name(&prose),
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

/// The first heading of the first level, if it is near the beginning.
fn name(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(NEAR);
    let name = lines.find_map(|line| line.strip_prefix("# ")).map(plain)?;
    (name.chars().count() > 1).then_some(name)
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

/// The terms of a text, each with a number: a long text names the same ones again and again.
#[derive(Default)]
struct Terms {
    numbers: HashMap<String, u32>,
    /// In how many sentences each is found.
    found_in: Vec<f32>,
}

impl Terms {
    /// The distinct terms of a sentence by number, rising, with how often each is there.
    fn count(&mut self, terms: Vec<String>) -> Vec<(u32, f32)> {
        let mut named: Vec<u32> = terms.into_iter().map(|term| self.number(term)).collect();
        named.sort_unstable();
        let mut counted: Vec<(u32, f32)> = Vec::new();
        for term in named {
            match counted.last_mut() {
                Some((last, count)) if *last == term => *count += 1.0,
                _ => {
                    self.found_in[term as usize] += 1.0;
                    counted.push((term, 1.0));
                }
            }
        }
        counted
    }

    fn number(&mut self, term: String) -> u32 {
        let next = u32::try_from(self.found_in.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(term).or_insert(next);
        if number == next {
            self.found_in.push(0.0);
        }
        number
    }
}

fn collect(
    blocks: &[block::Block],
    vocabulary: &Vocabulary,
    terms: &mut Terms,
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
                    vector: terms.count(vocabulary.terms(text)),
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

/// Makes each sentence's counts a vector, gives it its score, and answers how much the text is
/// about each term.
#[expect(clippy::cast_precision_loss, reason = "counts of sentences are small")]
fn weigh(
    sentences: &mut [Sentence],
    terms: Terms,
    vocabulary: &Vocabulary,
    titles: &[String],
) -> HashMap<String, f32> {
    let Terms { numbers, found_in } = terms;
    let all = sentences.len() as f32;
    let rarity: Vec<f32> = found_in.iter().map(|&found| (1.0 + all / found).ln().sqrt()).collect();
    let mut sum = vec![0.0_f32; found_in.len()];
    for sentence in sentences.iter_mut() {
        into_unit(&mut sentence.vector, &rarity);
        sentence.vector.iter().for_each(|&(term, weight)| sum[term as usize] += weight);
    }
    // What one sentence alone says, the text is hardly about.
    sum.iter_mut().zip(&found_in).for_each(|(sum, found)| *sum *= 1.0 - 0.8 / found);
    // What a text is titled with, it is about.
    let titled: HashSet<String> = titles.iter().flat_map(|title| vocabulary.terms(title)).collect();
    titled.iter().filter_map(|term| numbers.get(term)).for_each(|&term| sum[term as usize] *= 1.5);

    score(sentences, &sum);
    numbers.into_iter().map(|(term, number)| (term, sum[number as usize])).collect()
}

/// Gives every sentence its score; `sum` is how much the text is about each term.
fn score(sentences: &mut [Sentence], sum: &[f32]) {
    let central: Vec<f32> = sentences
        .iter()
        .map(|sentence| {
            sentence.vector.iter().map(|&(term, weight)| weight * sum[term as usize]).sum()
        })
        .collect();
    let highest = central.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let count = sentences.len();
    for ((place, sentence), central) in sentences.iter_mut().enumerate().zip(central) {
        sentence.score =
            (0.65 * central / highest + standing(place, count, sentence.opens)) * sentence.sound;
    }
}

/// Makes a vector of length one of what was counted; terms found all over weigh less.
fn into_unit(vector: &mut [(u32, f32)], rarity: &[f32]) {
    for (term, weight) in vector.iter_mut() {
        *weight = weight.sqrt() * rarity[*term as usize];
    }
    // A sentence of one or two terms would be all about them: such are held down.
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(2.0);
    vector.iter_mut().for_each(|(_, weight)| *weight /= length);
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
