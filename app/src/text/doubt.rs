/// Why a text may not be what the reader wanted to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It is only an address, whose page nobody would read.
    OnlyAddress,
    /// There is too little in it to be summarised.
    VeryShort,
}

/// A text that says less than this many Latin letters is very short.
const SHORT_LETTERS: usize = 50;
/// What a Chinese character says, in Latin letters.
const HAN_LETTERS: usize = 3;

impl Doubt {
    /// What is doubtful about a text; none where nothing is.
    pub(crate) fn about(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_address = ["http://", "https://", "www."].iter().any(|start| {
            text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
        });
        if is_address && !text.contains(char::is_whitespace) {
            return Some(Self::OnlyAddress);
        }
        let letters = text.chars().map(|it| if super::is_han(it) { HAN_LETTERS } else { 1 });
        // Of a long text, no more is looked at than tells.
        let is_short = letters.take(SHORT_LETTERS).sum::<usize>() < SHORT_LETTERS;
        is_short.then_some(Self::VeryShort)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_alone_is_doubted_and_one_within_a_text_is_not() {
        for text in ["https://example.org/a?b=c", " HTTP://example.org\n", "www.example.org"] {
            assert_eq!(Doubt::about(text), Some(Doubt::OnlyAddress), "{text}");
        }
        let text = "https://example.org/news says that the clock in the lighthouse has stopped.";
        assert_eq!(Doubt::about(text), None);
    }

    #[test]
    fn a_few_words_are_doubted_in_any_script() {
        assert_eq!(Doubt::about("Too short."), Some(Doubt::VeryShort));
        assert_eq!(Doubt::about("村里的钟停了。"), Some(Doubt::VeryShort));
        assert_eq!(Doubt::about("渡船在黄昏离开码头。村里的人都没有赶上，因为钟停了。"), None);
        assert_eq!(Doubt::about(&"The clock stopped in the winter. ".repeat(2)), None);
    }
}
