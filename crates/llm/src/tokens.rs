//! How many tokens a request has, as far as can be told without the model's own vocabulary.

use crate::{Delta, Error, ErrorKind, Request, Tokens};

/// What a message costs beside its text: its role and the marks around it.
const PER_MESSAGE: u64 = 8;

/// So few tokens may be what was new in a prompt that was read before: some servers count only
/// that.
const MAX_UNCERTAIN: u64 = 256;

/// As many tokens as a request hardly ever has more than: one for each Chinese character, about
/// one for three others.
pub(crate) fn most(request: &Request) -> u64 {
    let schema = request.schema.as_ref().map_or(0, |schema| schema.to_string().len() as u64 / 2);
    texts(request).map(|text| most_of(text) + PER_MESSAGE).sum::<u64>() + schema
}

fn texts(request: &Request) -> impl Iterator<Item = &str> {
    let messages = request.messages.iter().map(|message| message.content.as_str());
    messages.chain(request.source.as_deref())
}

fn most_of(text: &str) -> u64 {
    let (mut wide, mut narrow) = (0_u64, 0_u64);
    for char in text.chars() {
        if is_wide(char) { wide += 1 } else { narrow += 1 }
    }
    wide + (narrow * 35).div_ceil(100)
}

/// As few tokens as a request hardly ever has less than: one for each word, about one for three
/// Chinese characters. No vocabulary joins words.
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
    words + wide / 3
}

/// The delta, unless it tells that the model was given only a part of the request, of which so many
/// tokens were expected at least: some servers cut what is longer than the model reads, and say
/// nothing. An answer to a part is none.
pub(crate) fn read_whole(delta: Delta, expected: u64) -> Result<Delta, Error> {
    match delta {
        Delta::Usage(read) if is_cut(expected, read) => {
            let detail = format!("read {} of at least {expected} tokens", read.input);
            Err(Error::new(ErrorKind::TooLong, detail))
        }
        delta => Ok(delta),
    }
}

fn is_cut(expected: u64, read: Tokens) -> bool {
    // A quarter less than the fewest is beyond what vocabularies differ by.
    read.input > MAX_UNCERTAIN && read.input * 4 < expected * 3
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
        Tokens { input, output: 1 }
    }

    #[test]
    fn what_is_read_lies_between_the_bounds() {
        // Counted by llama.cpp's own server for Qwen2.5.
        let english = "Construction of the Afsluitdijk, a 32-kilometre causeway, began in 1927. ";
        let chinese = "荷兰工程师科内利斯·莱利提出封闭须德海。";
        for (text, counted) in [(english, 22), (chinese, 18)] {
            assert!(fewest_of(text) <= counted && counted <= most_of(text), "{text}");
        }
    }

    #[test]
    fn half_a_text_is_noticed() {
        let text = "All of these are words that a model reads. ".repeat(1_300);
        let expected = fewest_of(&text);
        assert!(is_cut(expected, read(2_050)));
        assert!(!is_cut(expected, read(expected + 2_000)) && !is_cut(expected, read(expected)));
        assert!(!is_cut(expected, read(12)), "what a cache held may not be counted");
        assert!(!is_cut(fewest_of("Short."), read(300)));
    }
}
