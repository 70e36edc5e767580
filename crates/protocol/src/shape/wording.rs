use crate::Length;

/// What a model is told of a shape beside its fields, in whole sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    /// For short answers.
    pub short: &'static str,
    /// For answers of medium length.
    pub medium: &'static str,
    /// For long answers.
    pub long: &'static str,
}

impl Wording {
    /// Nothing.
    pub const NONE: Self = Self { short: "", medium: "", long: "" };

    /// The sentences for that length, with a space behind them when there are any.
    #[must_use]
    pub fn of(self, length: Length) -> String {
        let words = match length {
            Length::Short => self.short,
            Length::Medium => self.medium,
            Length::Long => self.long,
        };
        if words.is_empty() { String::new() } else { format!("{words} ") }
    }
}
