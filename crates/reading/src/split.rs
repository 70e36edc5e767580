use std::ops::Range;

use crate::{Gauge, piece::pieces};

/// Splits what `within` names of a text into parts of at most `budget` tokens each: at paragraphs
/// where that leaves parts at least half full, else at sentences, and within a sentence only where
/// that alone is longer. The parts follow each other without gaps, and are about equally long.
#[must_use]
pub fn split(text: &str, within: Range<usize>, budget: u64, gauge: &Gauge) -> Vec<Range<usize>> {
    let budget = budget.max(1);
    let Some(section) = text.get(within.clone()) else { return Vec::new() };
    let all = gauge.tokens(section);
    let count = all.div_ceil(budget).max(1);
    // A little more than an equal share, as parts end where sentences do.
    let share = (all / count + all / count / 8 + 1).min(budget);
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut open = Part { start: within.start, tokens: 0, paragraph: None };
    for place in places(text, within.clone(), budget, gauge) {
        if open.tokens + place.tokens > share && place.start > open.start {
            let end = match open.paragraph {
                Some((at, before)) if before * 2 >= share => {
                    open.tokens -= before;
                    at
                }
                _ => {
                    open.tokens = 0;
                    place.start
                }
            };
            parts.push(open.start..end);
            open = Part { start: end, tokens: open.tokens, paragraph: None };
        }
        if place.opens_paragraph && place.start > open.start {
            open.paragraph = Some((place.start, open.tokens));
        }
        open.tokens += place.tokens;
    }
    if open.start < within.end {
        parts.push(open.start..within.end);
    }
    parts
}

/// A part that is being filled.
struct Part {
    start: usize,
    tokens: u64,
    /// Where its last paragraph begins, and the tokens before that.
    paragraph: Option<(usize, u64)>,
}

/// A piece of the text, with the white space that follows it.
struct Place {
    start: usize,
    tokens: u64,
    opens_paragraph: bool,
}

fn places(text: &str, within: Range<usize>, budget: u64, gauge: &Gauge) -> Vec<Place> {
    let section = text.get(within.clone()).unwrap_or_default();
    let starts = pieces(section).into_iter().map(|piece| within.start + piece.start);
    let mut starts: Vec<usize> = starts.collect();
    // What stands before the first piece belongs to it.
    match starts.first_mut() {
        Some(first) => *first = within.start,
        None => starts.push(within.start),
    }
    let ends = starts.iter().skip(1).copied().chain([within.end]);
    let mut places = Vec::with_capacity(starts.len());
    let mut follows_break = false;
    for (&start, end) in starts.iter().zip(ends) {
        let piece = text.get(start..end).unwrap_or_default();
        let breaks = std::mem::replace(&mut follows_break, has_break(piece));
        let tokens = gauge.tokens(piece);
        if tokens <= budget {
            places.push(Place { start, tokens, opens_paragraph: breaks });
        } else {
            places.extend(cut(piece, start, tokens, budget));
        }
    }
    places
}

/// Whether a piece ends its paragraph.
fn has_break(piece: &str) -> bool {
    piece[piece.trim_end().len()..].contains('\n')
}

/// Cuts a piece that is longer than a part, between its characters.
fn cut(piece: &str, start: usize, tokens: u64, budget: u64) -> Vec<Place> {
    let count = tokens.div_ceil(budget).saturating_mul(2).max(1);
    let step = usize::try_from(count).map_or(1, |count| piece.len().div_ceil(count)).max(4);
    let mut places = Vec::new();
    let mut at = 0;
    while at < piece.len() {
        let end = piece.floor_char_boundary((at + step).min(piece.len()));
        let share = tokens.saturating_mul((end - at) as u64).div_ceil(piece.len().max(1) as u64);
        places.push(Place { start: start + at, tokens: share, opens_paragraph: false });
        at = end;
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prose(paragraphs: usize) -> String {
        let sentence = "The harbour of Aldermouth froze in January, and the boats stayed in. ";
        let paragraph = format!("{}\n\n", sentence.repeat(6).trim_end());
        paragraph.repeat(paragraphs)
    }

    #[test]
    fn parts_end_with_paragraphs_and_are_about_equally_long() {
        let text = prose(60);
        let parts = split(&text, 0..text.len(), 2_000, &Gauge::default());
        assert_eq!(parts.len(), 5);
        for part in &parts {
            assert!(text[part.clone()].ends_with("\n\n"));
            let tokens = Gauge::default().tokens(&text[part.clone()]);
            assert!((900..=2_000).contains(&tokens), "{tokens}");
        }
    }

    #[test]
    fn a_text_without_breaks_is_cut_between_characters() {
        for text in ["新".repeat(5_000), "x".repeat(20_000), "word ".repeat(4_000)] {
            let parts = split(&text, 0..text.len(), 600, &Gauge::default());
            assert!(parts.len() >= 8, "{}", parts.len());
            assert_eq!(parts.iter().map(|part| &text[part.clone()]).collect::<String>(), text);
        }
    }

    proptest! {
        #[test]
        fn parts_follow_each_other_and_fit(
            text in "([A-Za-z新科。. \n]{0,40}|word |\n\n|。){0,200}",
            budget in 20_u64..400,
        ) {
            let gauge = Gauge::default();
            let parts = split(&text, 0..text.len(), budget, &gauge);
            let mut at = 0;
            for part in &parts {
                prop_assert_eq!(part.start, at);
                prop_assert!(part.end > part.start);
                at = part.end;
                // What is estimated by pieces may be a little more by the whole.
                prop_assert!(gauge.tokens(&text[part.clone()]) <= budget + budget / 8 + 8);
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
