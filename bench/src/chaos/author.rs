use std::time::Duration;

use test_support::{Exchange, Script, Upstream};
use tokio::time::sleep;

/// What texts are made of: every kind of character that encoding and cutting could get wrong.
const WORDS: [&str; 12] = [
    "stream",
    "\"quoted\"",
    "back\\slash",
    "line\nend",
    "\r\n",
    "tab\t",
    "流式",
    "摘要。",
    "é\u{301}",
    "👩‍👩‍👧",
    "\u{2028}",
    "event: x\n\ndata: y",
];

/// The model behind the server: answers each request with a text of its own, at its own pace.
pub(super) struct Author {
    upstream: Upstream,
    dice: fastrand::Rng,
}

impl Author {
    pub(super) fn new(upstream: Upstream, dice: fastrand::Rng) -> Self {
        Self { upstream, dice }
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Answers until it is dropped.
    pub(super) async fn write(mut self) {
        loop {
            let exchange = self.upstream.next().await;
            tokio::spawn(answer(exchange, self.dice.fork()));
        }
    }
}

async fn answer(mut exchange: Exchange, mut dice: fastrand::Rng) {
    // Most are slow; some come in a rush and fill more than a viewer's memory of the log.
    let (words, pace_ms) = match dice.u32(..20) {
        0 => (60_000, 0),
        1..5 => (dice.usize(1..40), dice.u64(20..60)),
        _ => (dice.usize(50..600), dice.u64(2..15)),
    };
    let title: String = text(&mut dice, 5);
    let summary = text(&mut dice, words);
    let piece_chars = if pace_ms == 0 { 20_000 } else { dice.usize(1..30) };
    for piece in Script::document(&title, &summary, piece_chars).pieces {
        if !exchange.raw(piece.frame().as_bytes()).await {
            return;
        }
        // Some pieces come together.
        if pace_ms > 0 && dice.u32(..4) > 0 {
            sleep(Duration::from_millis(pace_ms)).await;
        }
    }
    exchange.done().await;
}

fn text(dice: &mut fastrand::Rng, words: usize) -> String {
    let mut text = String::new();
    for _ in 0..words {
        text.push_str(dice.choice(WORDS).unwrap_or_default());
        text.push(' ');
    }
    text
}
