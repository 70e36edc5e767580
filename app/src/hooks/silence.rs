use crate::browser;

/// How often it is looked whether a silence has become long.
pub(super) const WATCH_MS: u64 = 1_000;
/// How long a source of events may be silent before it is asked whether there was something to
/// say.
const LONG_MS: f64 = 20_000.0;

/// The silence of a source of events.
pub(super) struct Silence {
    /// When it counts as long, in milliseconds since the Unix epoch.
    long_ms: f64,
    /// Whether the server is being asked what there was to say.
    asking: bool,
}

impl Silence {
    /// One that begins now.
    pub(super) fn new() -> Self {
        Self { long_ms: browser::now_ms() + LONG_MS, asking: false }
    }

    /// Begins anew: something was heard.
    pub(super) fn restart(&mut self) {
        self.long_ms = browser::now_ms() + LONG_MS;
    }

    /// Begins anew, and counts as long sooner: something was to be heard, and was not.
    pub(super) fn distrust(&mut self, wait_ms: f64) {
        self.long_ms = browser::now_ms() + wait_ms;
    }

    /// Whether it is time to ask; then that is being done until it is [`answered`](Self::answered).
    pub(super) fn asks(&mut self) -> bool {
        let asks = self.is_long() && !self.asking;
        self.asking |= asks;
        asks
    }

    /// Takes note of an answer. Says whether nothing has been heard meanwhile.
    pub(super) fn answered(&mut self) -> bool {
        self.asking = false;
        self.is_long()
    }

    /// Other than the page's clock, this one goes on while a computer sleeps. When it is set, the
    /// server is asked once too often.
    fn is_long(&self) -> bool {
        let left_ms = self.long_ms - browser::now_ms();
        left_ms <= 0.0 || left_ms > LONG_MS
    }
}
