/// In a paragraph longer than this many characters, a new block begins after the next sentence.
const SENTENCE_LIMIT: usize = 2_000;
/// … in a block longer than this, after the next white space, when no sentence ends.
const WORD_LIMIT: usize = 3_000;
/// … in a block longer than this, anywhere, when there is no white space either.
const HARD_LIMIT: usize = 4_000;
/// White space after a newline begins a paragraph when it takes more bytes than this.
const HELD_LIMIT_BYTES: usize = 256;

/// The next change to a pane's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Appends a text that is never empty to the current block.
    Text(String),
    /// Begins a block: a new paragraph (`true`), or the rest of the last one (`false`).
    Begin(bool),
}

/// A finished block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) text: String,
    /// Whether a paragraph begins here.
    pub(crate) paragraph: bool,
}

/// Cuts a growing text into blocks, so that the browser lays out only the last block again and not
/// the whole text.
///
/// It looks at one character at a time and never ahead. So the cuts depend on the text alone and
/// not on the pieces in which it arrives, and the server and the browser make the same blocks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cutter {
    begun: bool,
    chars: usize,
    last: Option<char>,
    /// The last character other than white space.
    mark: Option<char>,
    /// White space since the last newline. It is dropped if a paragraph follows, and written
    /// otherwise.
    held: String,
    newlines: usize,
}

impl Cutter {
    /// Takes the next piece of the text.
    pub(crate) fn feed(&mut self, piece: &str) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let mut run = String::new();
        for next in piece.chars() {
            self.step(next, &mut run, &mut cuts);
        }
        flush(&mut run, &mut cuts);
        cuts
    }

    fn step(&mut self, next: char, run: &mut String, cuts: &mut Vec<Cut>) {
        if next == '\n' {
            self.newlines += 1;
        }
        if self.newlines > 0 && next.is_whitespace() {
            if self.held.len() <= HELD_LIMIT_BYTES {
                self.held.push(next);
            }
            return;
        }
        if let Some(paragraph) = self.begins(next) {
            flush(run, cuts);
            cuts.push(Cut::Begin(paragraph));
            self.begun = true;
            self.chars = 0;
        } else {
            run.push_str(&self.held);
            self.chars += self.held.chars().count();
        }
        self.held.clear();
        self.newlines = 0;
        run.push(next);
        self.chars += 1;
        self.last = Some(next);
        if !next.is_whitespace() {
            self.mark = Some(next);
        }
    }

    /// Whether `next` begins a block, and then whether it also begins a paragraph.
    fn begins(&self, next: char) -> Option<bool> {
        if !self.begun || self.newlines > 1 || self.held.len() > HELD_LIMIT_BYTES {
            return Some(true);
        }
        if next.is_whitespace() && self.chars < HARD_LIMIT {
            return None;
        }
        let after_space = self.newlines > 0 || self.last.is_some_and(char::is_whitespace);
        let limit = match self.mark {
            Some('。' | '！' | '？') if next.is_alphanumeric() => SENTENCE_LIMIT,
            Some('.' | '!' | '?' | '…' | '"' | '”') if after_space => SENTENCE_LIMIT,
            _ if after_space => WORD_LIMIT,
            _ => HARD_LIMIT,
        };
        (self.chars >= limit).then_some(false)
    }
}

fn flush(run: &mut String, cuts: &mut Vec<Cut>) {
    if !run.is_empty() {
        cuts.push(Cut::Text(std::mem::take(run)));
    }
}

/// The blocks of a complete text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    assemble(Cutter::default().feed(text))
}

fn assemble(cuts: Vec<Cut>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for cut in cuts {
        match cut {
            Cut::Begin(paragraph) => blocks.push(Block { text: String::new(), paragraph }),
            Cut::Text(text) => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(&text);
                }
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn a_blank_line_begins_a_paragraph_and_a_newline_does_not() {
        assert_eq!(texts("one\ntwo\n \n\nthree\n"), ["one\ntwo", "three"]);
    }

    #[test]
    fn a_long_paragraph_goes_on_after_a_sentence() {
        let sentence = "A sentence of some words. ";
        let cut = blocks(&sentence.repeat(100));
        assert_eq!(cut.len(), 2);
        assert!(!cut[1].paragraph);
        assert!(cut[0].text.ends_with(". "));
    }

    #[test]
    fn no_block_outgrows_the_limit() {
        for text in [
            "x".repeat(20_000),
            "字。".repeat(9_000),
            " ".repeat(9_000),
            "\u{202e}a b".repeat(5_000),
        ] {
            assert!(blocks(&text).iter().all(|block| block.text.chars().count() <= HARD_LIMIT));
            assert_eq!(texts(&text).concat(), text);
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_blocks_of_the_whole(
            pieces in prop::collection::vec("[a-zA-Z .。字\n\t👩‍🚀]{0,400}", 0..40),
        ) {
            let mut cutter = Cutter::default();
            let cuts = pieces.iter().flat_map(|piece| cutter.feed(piece)).collect();
            prop_assert_eq!(assemble(cuts), blocks(&pieces.concat()));
        }

        #[test]
        fn nothing_but_white_space_is_left_out(text in "[a-z .\n]{0,3000}") {
            let dense = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(dense(&texts(&text).concat()), dense(&text));
        }
    }
}
