use std::collections::BTreeMap;

use protocol::markdown::Block;

/// Texts that are Markdown, by the paths of their fields. What is plain text is not in it.
pub type Formatted = BTreeMap<String, Vec<Block>>;

/// Whether a text may be more than plain paragraphs: then the server is asked.
pub(crate) fn may_be_formatted(text: &str) -> bool {
    let is_listed = |line: &str| {
        let line = line.trim_start();
        let numbered = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
        line.starts_with("- ")
            || line.starts_with("+ ")
            || (numbered.len() < line.len() && numbered.starts_with(['.', ')']))
    };
    text.contains(['*', '_', '`', '#', '|', '>', '~']) || text.lines().any(is_listed)
}

/// Whether the blocks of a text are plain paragraphs.
#[cfg(feature = "ssr")]
pub(crate) fn is_plain(blocks: &[Block]) -> bool {
    use protocol::markdown::Inline;
    let is_text = |inline: &Inline| matches!(inline, Inline::Text(_));
    blocks.iter().all(|block| match block {
        Block::Paragraph { text, .. } => text.iter().all(is_text),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_beginning_of_a_line_or_in_it_may_be_format() {
        for text in ["# One", "one **two**", "- one", "one\n  2. two", "| a | b |", "a `b`"] {
            assert!(may_be_formatted(text), "{text}");
        }
        for text in ["One. Two - three.", "In 1911, it stopped.", "钟停了。", "1911 was cold"] {
            assert!(!may_be_formatted(text), "{text}");
        }
    }
}
