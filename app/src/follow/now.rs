/// The time by both clocks of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Now {
    /// Milliseconds since the page was opened, by a clock that nobody sets. It may stand still
    /// while the computer sleeps.
    pub(super) clock_ms: u64,
    /// Milliseconds since the Unix epoch, by a clock that goes on in sleep and may be set.
    pub(super) wall_ms: u64,
}
