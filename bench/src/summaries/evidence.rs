use std::{fmt, iter::Sum};

use protocol::Span;
use reading::evidence::Source;

use super::corpus::Paper;

/// How well the places that are found for summaries agree with the sentences that people marked.
#[derive(Default)]
pub(super) struct Agreement {
    right: usize,
    found: usize,
    marked: usize,
    /// Sentences of summaries, and those of them that count as found.
    sentences: usize,
    told: usize,
}

/// Of each aspect of a paper.
pub(super) fn of(paper: &Paper) -> Vec<Agreement> {
    let text = paper.text();
    let source = Source::of(&text);
    let sentences = spans(paper);
    let agreement = |aspect: super::corpus::Aspect<'_>| {
        let grounded = source.ground(aspect.summary);
        let places: Vec<Span> = grounded.iter().flat_map(|it| it.places.clone()).collect();
        let mut agreement = Agreement {
            sentences: grounded.len(),
            told: grounded.iter().filter(|it| it.is_found).count(),
            ..Agreement::default()
        };
        for (sentence, is_marked) in sentences.iter().zip(aspect.marked) {
            let is_found = places.iter().any(|place| overlaps(*place, *sentence));
            agreement.right += usize::from(is_found && is_marked);
            agreement.found += usize::from(is_found);
            agreement.marked += usize::from(is_marked);
        }
        agreement
    };
    paper.aspects().map(agreement).collect()
}

/// Where the paper's sentences stand in its text.
fn spans(paper: &Paper) -> Vec<Span> {
    let text = paper.text();
    let (mut rest, mut at) = (text.as_str(), 0);
    let mut spans = Vec::new();
    for sentence in paper.sentences() {
        let Some(found) = rest.find(sentence) else { continue };
        let start = at + count(&rest[..found]);
        let end = start + count(sentence);
        spans.push(Span { start, end });
        (rest, at) = (&rest[found + sentence.len()..], end);
    }
    spans
}

fn count(text: &str) -> u64 {
    text.chars().count() as u64
}

/// Whether a place holds more than the edge of a sentence.
fn overlaps(place: Span, sentence: Span) -> bool {
    let shared = place.end.min(sentence.end).saturating_sub(place.start.max(sentence.start));
    shared * 2 > (sentence.end - sentence.start).min(place.end - place.start)
}

impl Sum for Agreement {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, next| Self {
            right: sum.right + next.right,
            found: sum.found + next.found,
            marked: sum.marked + next.marked,
            sentences: sum.sentences + next.sentences,
            told: sum.told + next.told,
        })
    }
}

impl fmt::Display for Agreement {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        let (precision, recall) = (share(self.right, self.found), share(self.right, self.marked));
        write!(f, "{precision:.1} | {recall:.1} | {:.1}", share(self.told, self.sentences))
    }
}
