/// Whether there is nothing to be read in `text`: white space, controls, and characters that only
/// shape what is around them.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|next| next.is_whitespace() || next.is_control() || is_unseen(next))
}

/// Soft hyphens, and what joins, separates, turns and marks without a glyph of its own (Unicode's
/// category Cf, the part that occurs in running text).
fn is_unseen(next: char) -> bool {
    matches!(
        next,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}
