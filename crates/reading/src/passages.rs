use std::collections::{HashMap, HashSet};
use std::ops::Range;

use llm::lexical::Terms;
use protocol::Span;

use crate::{estimate_tokens, piece::pieces};

/// What stands between two passages.
const GAP: &str = "\n\n[…]\n\n";
/// How often a word within a piece still makes it fit better, and how much its length counts
/// against it: the usual values of BM25 (Robertson and Zaragoza, 2009).
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;
/// Which part of the budget the beginning gets when the question's words leave it over.
const OPENING: usize = 4;

/// The passages of `source` that matter to `question`, as many as fit into `budget` tokens: those
/// that use its words, ranked by BM25, and the beginning, which says what the text is. All of the
/// source when that fits.
#[must_use]
pub fn passages(source: &str, question: &str, budget: usize) -> Vec<Span> {
    if estimate_tokens(source) <= budget {
        return vec![Span { start: 0, end: source.chars().count() as u64 }];
    }
    let pieces = pieces(source);
    let text = |piece: &Range<usize>| source.get(piece.clone()).unwrap_or_default();
    let scores = scores(source, &pieces, question);
    let mut ranked: Vec<usize> = (0..pieces.len()).filter(|place| scores[*place] > 0.0).collect();
    ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));

    let gap = estimate_tokens(GAP);
    let mut left = budget;
    let mut chosen = vec![false; pieces.len()];
    let mut take = |place: usize, left: &mut usize| {
        let cost = estimate_tokens(text(&pieces[place])) + gap;
        let is_taken = !chosen[place] && cost <= *left;
        if is_taken {
            chosen[place] = true;
            *left -= cost;
        }
        is_taken
    };
    // The first one always goes along: it tells what the text is.
    if !pieces.is_empty() {
        take(0, &mut left);
    }
    for place in ranked {
        take(place, &mut left);
    }
    let mut opening = left.min(budget / OPENING);
    for place in 0..pieces.len() {
        if opening < gap || !take(place, &mut opening) && opening < budget / 100 {
            break;
        }
    }
    let chosen = pieces.iter().zip(&chosen).filter(|(_, is_chosen)| **is_chosen);
    spans(source, chosen.map(|(piece, _)| piece.clone()))
}

/// The passages as one text, with a mark wherever something is left out between them.
#[must_use]
pub fn excerpt(source: &str, passages: &[Span]) -> String {
    let mut texts = Vec::with_capacity(passages.len());
    let (mut rest, mut at) = (source, 0);
    for passage in passages {
        let (_, from) = split_chars(rest, passage.start.saturating_sub(at));
        let (text, beyond) = split_chars(from, passage.end.saturating_sub(passage.start));
        texts.push(text);
        (rest, at) = (beyond, passage.end);
    }
    texts.join(GAP)
}

fn split_chars(text: &str, chars: u64) -> (&str, &str) {
    let place = usize::try_from(chars).unwrap_or(usize::MAX);
    let end = text.char_indices().nth(place).map_or(text.len(), |(at, _)| at);
    text.split_at(end)
}

/// How well each piece fits the question, by the words that they share.
#[expect(clippy::cast_precision_loss, reason = "a score need not be exact")]
fn scores(source: &str, pieces: &[Range<usize>], question: &str) -> Vec<f32> {
    let terms = Terms::of(source);
    let asked: HashSet<String> = terms.list(question).into_iter().collect();
    let mut found_in: HashMap<&str, f32> = HashMap::new();
    let counted: Vec<(HashMap<&str, f32>, f32)> = pieces
        .iter()
        .map(|piece| {
            let all = terms.list(source.get(piece.clone()).unwrap_or_default());
            let mut counts: HashMap<&str, f32> = HashMap::new();
            for term in all.iter().filter_map(|term| asked.get(term)) {
                *counts.entry(term).or_default() += 1.0;
            }
            counts.keys().for_each(|term| *found_in.entry(term).or_default() += 1.0);
            (counts, all.len() as f32)
        })
        .collect();
    let all = pieces.len() as f32;
    let average = counted.iter().map(|(_, length)| length).sum::<f32>() / all.max(1.0);
    let rarity = |term: &str| {
        let found = found_in.get(term).copied().unwrap_or_default();
        (1.0 + (all - found + 0.5) / (found + 0.5)).ln()
    };
    counted
        .iter()
        .map(|(counts, length)| {
            let held = SATURATION * (1.0 - LENGTH + LENGTH * length / average.max(1.0));
            let fit = |(term, count): (&&str, &f32)| {
                rarity(term) * count * (SATURATION + 1.0) / (count + held)
            };
            counts.iter().map(fit).sum()
        })
        .collect()
}

/// Byte ranges as spans in characters; neighbours with nothing but white space between become one.
fn spans(source: &str, pieces: impl Iterator<Item = Range<usize>>) -> Vec<Span> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last)
                if source.get(last.end..piece.start).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.end = piece.end;
            }
            _ => joined.push(piece),
        }
    }
    let (mut at, mut chars) = (0, 0);
    let mut char_of = |byte: usize| {
        chars += source.get(at..byte).unwrap_or_default().chars().count() as u64;
        at = byte;
        chars
    };
    joined
        .into_iter()
        .map(|range| Span { start: char_of(range.start), end: char_of(range.end) })
        .collect()
}
