//! Finds a headline: the title that a text gives itself, or the clause that says most of what it
//! is about.

use super::clause::{self, first_word};
use super::cut::{LONGEST, cut, seam, trim};
use super::lexicon::{CONTRASTING, HAN_SUBORDINATE, PERSONAL, RELATIVE, SUBORDINATE};
use super::reading::{Reading, Sentence};
use super::script::{self, LETTER, is_cjk};
use super::sentence::is_balanced;
use super::title;

/// Sentences that are looked at for one.
const SOURCES: usize = 12;
/// Clauses of a sentence that are looked at.
const CLAUSES: usize = 8;

/// What a headline is worth that repeats how the summary begins, beside others.
const REPEATED: f32 = 0.05;

/// A headline of at most 80 letters or 30 Han characters, and of at most `most` characters.
/// `lead` is the place of the summary's first sentence: another one is preferred.
pub(super) fn headline(reading: &Reading, lead: Option<usize>, most: usize) -> String {
    let fits = |text: &str| script::weight(text) <= LONGEST && text.chars().count() <= most;
    if let Some(title) = title::own(reading, fits) {
        return title;
    }
    let summary = lead.and_then(|lead| reading.sentences.get(lead));
    let repeats = |place: usize, text: &str| {
        // A title that is the summary's own first sentence cut short tells nothing beside it.
        summary.is_some_and(|lead| trim(&lead.text).starts_with(text))
            || place == 0 && trim(&reading.sentences[0].text) == text
    };
    let mut best: Option<(f32, &str)> = None;
    for (place, sentence) in sources(reading) {
        for (worth, text) in candidates(reading, sentence) {
            let worth = worth * early(place) * if repeats(place, text) { REPEATED } else { 1.0 };
            if fits(text) && best.is_none_or(|(highest, _)| worth > highest) {
                best = Some((worth, text));
            }
        }
    }
    let titles = reading.titles().iter().map(String::as_str);
    let sentences = reading.sentences.iter().map(|sentence| sentence.text.as_str());
    let fallback = || titles.chain(sentences).next().unwrap_or_default();
    let text = best.map_or_else(fallback, |(_, text)| text);
    let bounded = text.char_indices().nth(most).and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    finish(if fits(text) { text } else { cut(bounded, LONGEST) })
}

/// What a headline gains from standing early in the text.
#[expect(clippy::cast_precision_loss, reason = "a gain need not be exact")]
fn early(place: usize) -> f32 {
    1.0 + 0.7 / (1.0 + place as f32)
}

/// Whether a clause tells who said something rather than what is so.
fn reports(text: &str) -> bool {
    [" said ", " says ", " told ", " asked ", "表示", "介绍", "认为", "说"]
        .iter()
        .any(|verb| text.contains(verb))
}

/// The best sentences, with their places.
fn sources(reading: &Reading) -> Vec<(usize, &Sentence)> {
    let mut sources: Vec<(usize, &Sentence)> = reading.sentences.iter().enumerate().collect();
    sources.sort_by(|(_, a), (_, b)| b.score.total_cmp(&a.score));
    sources.truncate(SOURCES);
    sources
}

/// The clauses of a sentence, single and in rows, with what each is worth as a headline.
fn candidates<'a>(reading: &Reading, sentence: &'a Sentence) -> Vec<(f32, &'a str)> {
    let text = trim(&sentence.text);
    let text = clause::label(text).unwrap_or(text);
    let mut cuts = vec![0];
    cuts.extend(clause::boundaries(text).into_iter().take(CLAUSES));
    cuts.push(text.len());
    let mut found = Vec::new();
    for (first, &start) in cuts.iter().enumerate() {
        for (last, &end) in cuts.iter().enumerate().skip(first + 1) {
            let span = trim(text.get(start..end).unwrap_or_default());
            let bare = clause::without_connective(span);
            // A clause torn off its connective has often lost its subject, too.
            let torn = if start > 0 && bare.len() < span.len() { 0.5 } else { 1.0 };
            let part = seam(reading, bare).filter(|_| last == first + 1);
            let whole = start == 0 && end == text.len() && part.is_none();
            let candidate = part.unwrap_or(bare);
            let worth = sentence.score.max(0.01) * about(reading, candidate);
            found.push((worth * torn * shape(candidate, start == 0, whole), candidate));
        }
    }
    found
}

/// How much a clause says of what the text is about.
#[expect(clippy::cast_precision_loss, reason = "terms of a clause are few")]
fn about(reading: &Reading, text: &str) -> f32 {
    let mut terms = reading.vocabulary.terms(text);
    terms.sort_unstable();
    terms.dedup();
    let told: f32 =
        terms.iter().filter_map(|term| reading.topics.get(term)).map(|topic| topic * topic).sum();
    (0.02 + told) / (3.0 + terms.len() as f32).sqrt()
}

/// How much like a headline a clause is, 0 to 1.
fn shape(text: &str, opens: bool, whole: bool) -> f32 {
    let weight = script::weight(text);
    let word = first_word(text).to_lowercase();
    let comma = text.contains([',', '，']);
    let hangs = SUBORDINATE.has(&word) || HAN_SUBORDINATE.opening(text).is_some();
    let faults = [
        (!whole, 0.95),
        (!opens, if text.starts_with(char::is_lowercase) { 0.4 } else { 0.45 }),
        (hangs && !comma, 0.3),
        (hangs && comma, 0.75),
        (RELATIVE.has(&word) || word.ends_with("ing") && !opens, 0.2),
        (clause::begins_with_pronoun(text), 0.5),
        (PERSONAL.has(&word) || text.starts_with(['我', '你']), 0.8),
        (weight < 32 * LETTER, 0.75),
        (weight < 20 * LETTER, 0.7),
        (weight < 12 * LETTER, 0.4),
        (text.matches([',', '，', '、']).count() > 1, 0.7),
        (comma, 0.9),
        (reports(text), 0.6),
        (CONTRASTING.has(&word), 0.6),
        (text.ends_with(['?', '？']), 0.7),
        (text.contains(['"', '“', '(', '（']), 0.5),
        (!is_balanced(text), 0.1),
    ];
    faults.iter().filter(|(found, _)| *found).map(|(_, factor)| factor).product()
}

/// A headline as it is shown: it begins with a capital.
fn finish(text: &str) -> String {
    let text = trim(text);
    let mut chars = text.chars();
    match chars.next() {
        Some(c)
            if c.is_lowercase() && !is_cjk(c) && !first_word(text).contains(char::is_uppercase) =>
        {
            c.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}
