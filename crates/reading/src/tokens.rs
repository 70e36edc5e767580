/// How many tokens a model makes of `text` at most, as far as that can be told without its
/// tokenizer.
///
/// A token is four letters or so of English prose, hardly more than one sign of code, and one or
/// two Han characters for a model that was trained on little Chinese. The estimate counts three
/// ASCII letters a token, other ASCII characters nearly twice as much, and all others by their
/// bytes in UTF-8, of which tokenizers make what they do not know. So it is too high for nearly
/// every text, by a third for English prose.
#[must_use]
pub fn estimate_tokens(text: &str) -> usize {
    let sixths: usize = text.chars().map(sixths).sum();
    sixths.div_ceil(6)
}

fn sixths(next: char) -> usize {
    match next.len_utf8() {
        1 if next.is_ascii_alphabetic() || next == ' ' => 2,
        1 => 4,
        2 => 6,
        3 => 12,
        _ => 18,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_grow_with_how_much_a_character_costs() {
        let prose = "The harbour of Aldermouth froze in January ".repeat(100);
        let estimate = estimate_tokens(&prose);
        assert!((prose.len() / 4..prose.len() / 2).contains(&estimate), "{estimate}");
        assert_eq!(estimate_tokens("{[(1)]}"), 5);
        assert_eq!(estimate_tokens("科技"), 4);
        assert_eq!(estimate_tokens(""), 0);
    }
}
