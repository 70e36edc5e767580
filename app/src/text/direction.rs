/// How far into a text it is looked for a letter that tells its direction, in characters.
const LOOK_CHARS: usize = 512;

/// Which way a text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Direction {
    /// As the browser finds by itself: no letter has told yet.
    #[default]
    Auto,
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// That of the first letter (UAX #9, rule P2), looked for at the beginning only.
    ///
    /// A browser asked for `dir="auto"` looks through the whole text, at each key anew.
    pub(crate) fn of(text: &str) -> Self {
        match text.chars().take(LOOK_CHARS).find(|letter| letter.is_alphabetic()) {
            None => Self::Auto,
            Some(letter) if is_right_to_left(letter) => Self::RightToLeft,
            Some(_) => Self::LeftToRight,
        }
    }

    /// The word for the attribute `dir`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// Whether a letter stands in a block of a script that runs from the right (Hebrew, Arabic,
/// Syriac, Thaana, N'Ko and the like; the historic ones; Adlam and its neighbours).
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
