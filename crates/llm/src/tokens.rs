//! How many tokens a text has, as far as can be told without the model's own vocabulary.

use crate::{Delta, Error, ErrorKind, Request, Tokens};

/// What a message costs beside its text: its role and the marks around it.
const PER_MESSAGE: u64 = 8;

/// So few tokens may be what was new in a prompt that was read before: some servers count only
/// that.
const MAX_UNCERTAIN: u64 = 256;

/// The smallest context of which a server is known to cut to the half.
const SMALLEST_HALF: u64 = 1024;

/// How far from half a context a count may be that tells of a cut, in tokens.
const NEAR_HALF: u64 = 48;

/// What most of a text's characters are: a model's tokens are as many as its characters, or far
/// fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Chinese, Japanese and Korean signs.
    Wide,
    /// Letters that make words.
    Narrow,
}

impl Script {
    /// The script of most of a text, as its beginning tells.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (mut wide, mut all) = (0, 0);
        for char in text.chars().filter(|char| char.is_alphabetic()).take(2_000) {
            wide += usize::from(is_wide(char));
            all += 1;
        }
        if wide * 2 > all { Self::Wide } else { Self::Narrow }
    }
}

/// As many tokens as a text hardly ever has more than: one for each Chinese character, about one
/// for three others.
#[must_use]
pub fn most_tokens(text: &str) -> u64 {
    let (mut wide, mut narrow) = (0_u64, 0_u64);
    for char in text.chars() {
        if is_wide(char) { wide += 1 } else { narrow += 1 }
    }
    wide + (narrow * 35).div_ceil(100)
}

/// About as many tokens as a text has by most vocabularies: seven for ten Chinese characters, one
/// for four others.
#[must_use]
pub fn likely_tokens(text: &str) -> u64 {
    let hundredths = text.chars().map(|char| if is_wide(char) { 70 } else { 25 }).sum::<u64>();
    hundredths.div_ceil(100)
}

impl Request {
    /// About as many tokens as its texts have.
    #[must_use]
    pub fn likely_tokens(&self) -> u64 {
        texts(self).map(|text| likely_tokens(text) + PER_MESSAGE).sum()
    }

    /// As many tokens as the request hardly ever has more than.
    #[must_use]
    pub fn most_tokens(&self) -> u64 {
        let schema = self.schema.as_ref().map_or(0, |schema| schema.to_string().len() as u64 / 2);
        texts(self).map(|text| most_tokens(text) + PER_MESSAGE).sum::<u64>() + schema
    }
}

fn texts(request: &Request) -> impl Iterator<Item = &str> {
    let messages = request.messages.iter().map(|message| message.content.as_str());
    messages.chain(request.source.as_deref()).chain(request.written.as_deref())
}

/// As few tokens as a request hardly ever has less than: one for each word, one for two Chinese
/// characters. No vocabulary joins words.
pub(crate) fn expected(request: &Request) -> u64 {
    texts(request).map(fewest_of).sum()
}

fn fewest_of(text: &str) -> u64 {
    let (mut words, mut wide, mut in_word) = (0_u64, 0_u64, false);
    for char in text.chars() {
        wide += u64::from(is_wide(char));
        let is_letter = char.is_alphanumeric() && !is_wide(char);
        words += u64::from(is_letter && !in_word);
        in_word = is_letter;
    }
    words + wide / 2
}

/// What a request is expected to cost, to be held against what its server has counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    fewest: u64,
    most: u64,
}

impl Expected {
    pub(crate) fn of(request: &Request) -> Self {
        Self { fewest: expected(request), most: request.most_tokens() }
    }

    /// The delta, unless it tells that the model was given only a part of the request: some servers
    /// cut what is longer than the model reads, and say nothing. An answer to a part is none.
    pub(crate) fn read_whole(self, delta: Delta) -> Result<Delta, Error> {
        match delta {
            Delta::Usage(read) if self.is_cut(read) => {
                let detail = format!("read {} of at least {} tokens", read.input, self.fewest);
                Err(Error::new(ErrorKind::TooLong, detail))
            }
            delta => Ok(delta),
        }
    }

    fn is_cut(self, read: Tokens) -> bool {
        is_cut(self.fewest, read.input) || self.is_half_a_context(read.input)
    }

    /// Whether the count is what is left when a request is cut to half a context (as Ollama cuts,
    /// whose contexts are powers of two), and the request may have been longer than that context.
    fn is_half_a_context(self, read: u64) -> bool {
        let half = read.next_power_of_two();
        let half = if half - read <= NEAR_HALF { half } else { half / 2 };
        // A vocabulary may make a little more of it than most do.
        let may_exceed = self.most * 10 >= 2 * half * 9;
        half >= SMALLEST_HALF && read.abs_diff(half) <= NEAR_HALF && may_exceed
    }
}

/// Whether a server that has read so many tokens was given clearly more: `fewest` at least.
fn is_cut(fewest: u64, read: u64) -> bool {
    // A quarter less than the fewest is beyond what vocabularies differ by.
    read > MAX_UNCERTAIN && read * 4 < fewest * 3
}

/// Whether a character is a token by itself, as most Chinese ones are.
fn is_wide(char: char) -> bool {
    matches!(char, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FF65}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: u64) -> Tokens {
        Tokens { input, output: 1, ..Tokens::default() }
    }

    fn expected_of(text: &str) -> Expected {
        Expected { fewest: fewest_of(text), most: most_tokens(text) }
    }

    #[test]
    fn what_is_read_lies_between_the_bounds() {
        // Counted by llama.cpp's own server for Qwen2.5.
        let english = "Construction of the Afsluitdijk, a 32-kilometre causeway, began in 1927. ";
        let chinese = "荷兰工程师科内利斯·莱利提出封闭须德海。";
        for (text, counted) in [(english, 22), (chinese, 18)] {
            assert!(fewest_of(text) <= counted && counted <= most_tokens(text), "{text}");
        }
    }

    #[test]
    fn half_a_text_is_noticed() {
        let text = "All of these are words that a model reads. ".repeat(1_300);
        let expected = expected_of(&text);
        assert!(expected.is_cut(read(2_050)));
        let fewest = expected.fewest;
        assert!(!expected.is_cut(read(fewest + 2_000)) && !expected.is_cut(read(fewest)));
        assert!(!expected.is_cut(read(12)), "what a cache held may not be counted");
        assert!(!expected_of("Short.").is_cut(read(300)));
    }

    #[test]
    fn half_a_context_is_noticed_where_vocabularies_differ_most() {
        // A token for each character: what was cut is still more than others make of the whole.
        let chinese = expected_of(&"荷兰工程师提出封闭须德海".repeat(360));
        for cut in [2_040, 2_048, 2_050] {
            assert!(chinese.is_cut(read(cut)), "{cut}");
        }
        assert!(!chinese.is_cut(read(2_600)) && !chinese.is_cut(read(4_320)));
        let shorter = expected_of(&"荷兰工程师提出封闭须德海".repeat(230));
        assert!(!shorter.is_cut(read(2_048)), "it fits into a context of 4096 tokens");
    }

    #[test]
    fn most_of_a_text_tells_its_script() {
        assert_eq!(Script::of("荷兰工程师 proposed 封闭须德海，1891 年"), Script::Wide);
        assert_eq!(Script::of("The Dutch 荷兰"), Script::Narrow);
        assert_eq!(Script::of(""), Script::Narrow);
    }
}
