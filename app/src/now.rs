use crate::browser;

/// The time by both clocks of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Now {
    /// Milliseconds since the page was opened, by a clock that nobody sets. It may stand still
    /// while the computer sleeps.
    pub(crate) clock_ms: u64,
    /// Milliseconds since the Unix epoch, by a clock that goes on in sleep and may be set.
    pub(crate) wall_ms: u64,
}

impl Now {
    /// The time of the browser.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
    pub(crate) fn read() -> Self {
        Self { clock_ms: browser::clock_ms() as u64, wall_ms: browser::now_ms() as u64 }
    }
}
