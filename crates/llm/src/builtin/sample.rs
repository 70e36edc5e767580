//! Bounds what is read of a text that is longer than any book.

/// Bytes of a text that is read whole: it takes a fifth of a second for each million.
const WHOLE: usize = 8 * 1024 * 1024;
/// Bytes read at the beginning of a longer one.
const OPENING: usize = 1024 * 1024;
/// Places read after the opening, evenly spread up to the end.
const PLACES: usize = 28;
/// Bytes read at each place.
const PLACE: usize = 256 * 1024;

/// The parts of a text to read: all of it, or its opening and evenly spread places. Parts begin
/// and end between paragraphs, sentences or words, whichever can be had.
pub(super) fn sample(text: &str) -> Vec<&str> {
    if text.len() <= WHOLE {
        return vec![text];
    }
    let (opening, rest) = split_near(text, OPENING);
    let mut parts = vec![until_last_break(opening)];
    for place in 1..=PLACES {
        let (_, from) = split_near(rest, place * (rest.len() / PLACES) - PLACE);
        parts.push(if place == PLACES {
            after_first_break(from)
        } else {
            until_last_break(after_first_break(split_near(from, PLACE).0))
        });
    }
    parts
}

fn split_near(text: &str, at: usize) -> (&str, &str) {
    text.split_at(text.floor_char_boundary(at.min(text.len())))
}

/// What may part two sentences, best first; after each comes what follows it.
const BREAKS: [&str; 8] = ["\n\n", "\n", "。", "！", "？", ". ", "? ", " "];

fn after_first_break(part: &str) -> &str {
    let (near, _) = split_near(part, part.len() / 2);
    let found = BREAKS.iter().find_map(|mark| near.find(mark).map(|at| at + mark.len()));
    found.and_then(|at| part.get(at..)).unwrap_or(part)
}

fn until_last_break(part: &str) -> &str {
    let middle = split_near(part, part.len() / 2).0.len();
    let far = part.get(middle..).unwrap_or_default();
    let found = BREAKS.iter().find_map(|mark| far.rfind(mark).map(|at| middle + at + mark.len()));
    found.and_then(|at| part.get(..at)).unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_read_whole() {
        assert_eq!(sample("one\n\ntwo"), ["one\n\ntwo"]);
    }

    #[test]
    fn a_long_text_is_read_all_over_and_between_sentences() {
        let text: String = (0..450_000).map(|n| format!("This is sentence {n}. ")).collect();
        let parts = sample(&text);
        assert_eq!(parts.len(), PLACES + 1);
        assert!(parts.iter().map(|part| part.len()).sum::<usize>() <= WHOLE);
        assert!(parts.iter().all(|part| part.starts_with("This is") && part.ends_with(". ")));
        assert!(parts.last().is_some_and(|part| part.contains("449999")));
    }
}
