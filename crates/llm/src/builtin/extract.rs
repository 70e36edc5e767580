//! Chooses the sentences of a summary and writes them down in the text's order.

use super::reading::Reading;
use super::script::{self, LETTER, ends_sentence, is_cjk, is_closing, is_phrase_spaced};
use crate::Budget;

/// How much a sentence's own worth counts beside its saying something new.
const WORTH: f32 = 0.7;
/// A sentence that says this much of a chosen one again is left out.
const REPEATED: f32 = 0.75;
/// Weight after which a long summary begins a paragraph where the text does.
const PARAGRAPH: usize = 300 * LETTER;

/// How much an extract may hold.
#[derive(Clone, Copy)]
struct Room {
    sentences: usize,
    weight: usize,
}

impl Room {
    /// For a text of `count` sentences: less of a short text, that there be something left out.
    fn of(budget: Budget, count: usize) -> Self {
        let (share, least, most, letters) = match budget {
            Budget::Short => (count / 4, 1, 2, 300),
            Budget::Medium => (count.div_ceil(3), 3, 5, 720),
            Budget::Long => (count.div_ceil(2), 6, 12, 2000),
            Budget::Full => (count, 1, usize::MAX, usize::MAX / LETTER),
        };
        let kept_back = match budget {
            Budget::Short | Budget::Medium => count / 2 + 1,
            Budget::Long => count - count / 4,
            Budget::Full => count,
        };
        let sentences = share.clamp(least, most).min(kept_back).max(1);
        Self { sentences, weight: letters * LETTER }
    }
}

/// The places of the sentences that tell the most of a text, rising.
pub(super) fn choose(reading: &Reading, budget: Budget) -> Vec<usize> {
    let all = &reading.sentences;
    let room = Room::of(budget, all.len());
    let mut chosen: Vec<usize> = Vec::new();
    let mut said = vec![0.0_f32; all.len()];
    let mut left = room.weight;
    while chosen.len() < room.sentences {
        let worth = |place: usize| WORTH * all[place].score - (1.0 - WORTH) * said[place];
        let fits = |place: usize| {
            chosen.is_empty() || script::weight(&all[place].text) <= left && said[place] < REPEATED
        };
        let best = (0..all.len())
            .filter(|place| !chosen.contains(place) && fits(*place))
            .max_by(|&a, &b| worth(a).total_cmp(&worth(b)).then(b.cmp(&a)));
        let Some(best) = best else { break };
        left = left.saturating_sub(script::weight(&all[best].text));
        for (place, said) in said.iter_mut().enumerate() {
            *said = said.max(all[best].likeness(&all[place]));
        }
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen
}

/// The chosen sentences as one text of at most `most` characters.
pub(super) fn compose(reading: &Reading, chosen: &[usize], budget: Budget, most: usize) -> String {
    let mut text = String::new();
    let mut paragraph = 0;
    let mut block = None;
    for sentence in chosen.iter().filter_map(|&place| reading.sentences.get(place)) {
        let moved = block.is_some_and(|block| block != sentence.block);
        let gap = if budget == Budget::Long && moved && paragraph > PARAGRAPH {
            paragraph = 0;
            "\n\n"
        } else {
            gap(&text, &sentence.text)
        };
        // Sentences that the text left without a stop, as list items are, get one beside others.
        let stop = if chosen.len() > 1 { stop(&sentence.text) } else { "" };
        let longer = [text.as_str(), gap, &sentence.text, stop].concat();
        if longer.chars().count() > most {
            break;
        }
        text = longer;
        paragraph += script::weight(&sentence.text);
        block = Some(sentence.block);
    }
    match chosen.first().and_then(|&place| reading.sentences.get(place)) {
        Some(first) if text.is_empty() => first.text.chars().take(most).collect(),
        _ => text,
    }
}

/// What stands between two sentences: nothing where no space parts words, or after a wide stop.
fn gap(text: &str, next: &str) -> &'static str {
    let before = text.chars().rev().find(|c| c.is_alphanumeric());
    let after = next.chars().find(|c| c.is_alphanumeric());
    let tight = before.is_some_and(is_cjk) && after.is_some_and(is_cjk);
    let is_wide = |c: char| is_cjk(c) && !c.is_alphanumeric();
    let has_room = text.trim_end_matches(is_closing).ends_with(is_wide);
    if text.is_empty() || tight || has_room { "" } else { " " }
}

/// The stop that a sentence lacks.
fn stop(sentence: &str) -> &'static str {
    let last = sentence.chars().next_back();
    let stopped =
        ends_sentence(sentence) || !last.is_some_and(|c| c.is_alphanumeric() || is_closing(c));
    match last {
        Some(c) if stopped || is_phrase_spaced(c) => "",
        Some(c) if is_cjk(c) || sentence.starts_with(is_cjk) => "。",
        _ => ".",
    }
}
