//! Notices a model that writes the same again and again: it would do so until someone stops it.

/// The longest phrase whose repetition is noticed, in bytes.
const MAX_PERIOD: usize = 1024;
/// How much text is looked at to find a phrase, in bytes: it is there four times at least.
const WINDOW: usize = 4 * MAX_PERIOD;
/// How often that is done, in bytes.
const STRIDE: usize = 512;
/// A text that repeats itself for so many bytes, so many times and in so many pieces does not come
/// to an end. Whoever has a long table or a refrain to write needs less, and writes it in fewer.
const MIN_BYTES: usize = 8 * 1024;
const MIN_TIMES: usize = 8;
const MIN_PIECES: usize = 200;
/// So much white space in a row, in so many pieces, is noticed as well.
const MIN_WHITE_BYTES: usize = 2 * 1024;
const MIN_WHITE_PIECES: usize = 100;

/// Watches a text for a phrase, or white space, without end. It costs a few steps a byte.
#[derive(Default)]
pub(crate) struct RepetitionWatch {
    /// The end of the text.
    tail: Vec<u8>,
    /// Bytes until a phrase is looked for.
    until_search: usize,
    phrase: Option<Phrase>,
    white: Run,
}

/// A phrase that is being repeated.
#[derive(Clone, Copy)]
struct Phrase {
    period: usize,
    run: Run,
}

/// How long something has gone on.
#[derive(Clone, Copy, Default)]
struct Run {
    bytes: usize,
    pieces: usize,
}

impl RepetitionWatch {
    /// Takes the next piece of the text; says whether it goes on like this for ever.
    pub(crate) fn is_endless(&mut self, piece: &str) -> bool {
        self.watch_white(piece);
        piece.bytes().for_each(|byte| self.push(byte));
        let phrase = self.phrase.as_mut().is_some_and(|Phrase { period, run }| {
            run.pieces += 1;
            run.bytes >= MIN_BYTES.max(*period * MIN_TIMES) && run.pieces >= MIN_PIECES
        });
        phrase || self.white.bytes >= MIN_WHITE_BYTES && self.white.pieces >= MIN_WHITE_PIECES
    }

    fn watch_white(&mut self, piece: &str) {
        let trimmed = piece.trim_end();
        if !trimmed.is_empty() {
            self.white = Run::default();
        }
        self.white.bytes += piece.len() - trimmed.len();
        self.white.pieces += 1;
    }

    fn push(&mut self, byte: u8) {
        if let Some(Phrase { period, run }) = &mut self.phrase {
            if self.tail.get(self.tail.len() - *period) == Some(&byte) {
                run.bytes += 1;
            } else {
                self.phrase = None;
            }
        }
        if self.tail.len() >= 2 * WINDOW {
            self.tail.drain(..WINDOW);
        }
        self.tail.push(byte);
        self.until_search = self.until_search.saturating_sub(1);
        if self.phrase.is_none() && self.until_search == 0 && self.tail.len() >= WINDOW {
            self.until_search = STRIDE;
            let window = &self.tail[self.tail.len() - WINDOW..];
            let run = Run { bytes: WINDOW, pieces: 0 };
            self.phrase = period(window).map(|period| Phrase { period, run });
        }
    }
}

/// The length of the phrase that a text consists of, if it is repeated often enough to be one: the
/// smallest period of the text, by the failure function of Knuth, Morris and Pratt.
fn period(text: &[u8]) -> Option<usize> {
    let mut borders = vec![0; text.len()];
    for at in 1..text.len() {
        let mut border = borders[at - 1];
        while border > 0 && text[at] != text[border] {
            border = borders[border - 1];
        }
        borders[at] = border + usize::from(text[at] == text[border]);
    }
    let period = text.len() - borders.last()?;
    (period <= MAX_PERIOD).then_some(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many bytes of these pieces it is noticed.
    fn noticed<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<usize> {
        let mut watch = RepetitionWatch::default();
        let mut bytes = 0;
        for piece in pieces {
            bytes += piece.len();
            if watch.is_endless(piece) {
                return Some(bytes);
            }
        }
        None
    }

    #[test]
    fn a_phrase_without_end_is_noticed_soon() {
        for phrase in [vec!["and", " so", " on"], vec!["的"], vec!["\\n"], vec!["0,", " 1,"]] {
            let bytes = noticed(phrase.iter().copied().cycle().take(100_000)).unwrap();
            assert!(bytes < 10_000, "{phrase:?}: {bytes}");
        }
        let before: Vec<String> = (0..2_000).map(|number| format!("{number} ")).collect();
        let before = before.iter().map(String::as_str);
        assert!(noticed(before.chain(std::iter::repeat_n("again ", 10_000))).is_some());
        let sentence = "The quick brown fox jumps over the lazy dog, and it does so every day. ";
        let words: Vec<&str> = sentence.split_inclusive(' ').collect();
        assert!(noticed(words.iter().copied().cycle().take(10_000)).is_some());
    }

    #[test]
    fn white_space_without_end_is_noticed_sooner() {
        let white = ["\n", " ", "\t", "\n\n", "   "].iter().copied().cycle();
        let bytes = noticed(std::iter::once("{\"a\":").chain(white.take(10_000))).unwrap();
        assert!(bytes < 3_000, "{bytes}");
    }

    #[test]
    fn what_has_an_end_is_not() {
        assert_eq!(noticed(std::iter::repeat_n("It rained. ", 500)), None);
        let page = "0123456789".repeat(5_000);
        assert_eq!(noticed(std::iter::repeat_n(page.as_str(), 40)), None);
        let lines: Vec<String> = (0..5_000).map(|line| format!("| {line} | yes |\n")).collect();
        assert_eq!(noticed(lines.iter().map(String::as_str)), None);
        let indent = " ".repeat(1_500);
        assert_eq!(noticed([indent.as_str(), "x"].into_iter().cycle().take(2_000)), None);
    }
}
