/// How many characters are searched for the first letter.
const LOOK_CHARS: usize = 512;

/// The direction in which a text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Direction {
    /// There is no letter yet, so the browser decides.
    #[default]
    Auto,
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// The direction of the first letter (UAX #9, rule P2) near the beginning.
    ///
    /// With `dir="auto"` a browser searches the whole text box at each key, which makes typing into
    /// a long text slow.
    pub(crate) fn of(text: &str) -> Self {
        match text.chars().take(LOOK_CHARS).find(|letter| letter.is_alphabetic()) {
            None => Self::Auto,
            Some(letter) if is_right_to_left(letter) => Self::RightToLeft,
            Some(_) => Self::LeftToRight,
        }
    }

    /// The value of the attribute `dir`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Whether a letter belongs to a script that runs from right to left: Hebrew, Arabic, Syriac,
/// Thaana, N'Ko and their neighbours, the historic scripts, and Adlam and its neighbours.
fn is_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_tells_the_direction() {
        assert_eq!(Direction::of("1. \"Harbour\" الميناء"), Direction::LeftToRight);
        assert_eq!(Direction::of("— ١٩١١ كان الميناء harbour"), Direction::RightToLeft);
        assert_eq!(Direction::of("שעון"), Direction::RightToLeft);
        assert_eq!(Direction::of("钟停了"), Direction::LeftToRight);
        assert_eq!(Direction::of("1911 …"), Direction::Auto);
    }

    #[test]
    fn only_the_beginning_is_looked_at() {
        assert_eq!(Direction::of(&format!("{}ש", ".".repeat(LOOK_CHARS))), Direction::Auto);
    }
}
