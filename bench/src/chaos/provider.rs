use std::time::Duration;

use test_support::{Exchange, Script, Upstream};
use tokio::time::sleep;

/// The words of every text. They have each kind of character that encoding or splitting could break.
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

/// The server's provider. It answers each request with a random text at a random pace.
pub(super) struct Provider {
    upstream: Upstream,
    rng: fastrand::Rng,
}

impl Provider {
    pub(super) fn new(upstream: Upstream, rng: fastrand::Rng) -> Self {
        Self { upstream, rng }
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Answers requests for as long as it is polled.
    pub(super) async fn serve(mut self) {
        loop {
            let exchange = self.upstream.next().await;
            tokio::spawn(answer(exchange, self.rng.fork()));
        }
    }
}

async fn answer(mut exchange: Exchange, mut rng: fastrand::Rng) {
    // Most answers are slow. One in twenty is sent at once and is longer than the part of a log that
    // the server keeps in memory, so that its viewers must read from the disk.
    let (words, pace_ms) = match rng.u32(..20) {
        0 => (60_000, 0),
        1..5 => (rng.usize(1..40), rng.u64(20..60)),
        _ => (rng.usize(50..600), rng.u64(2..15)),
    };
    let title: String = text(&mut rng, 5);
    let summary = text(&mut rng, words);
    let piece_chars = if pace_ms == 0 { 20_000 } else { rng.usize(1..30) };
    for piece in Script::document(&title, &summary, piece_chars).pieces {
        if !exchange.raw(piece.frame().as_bytes()).await {
            return;
        }
        // One piece in four follows the one before without a pause.
        if pace_ms > 0 && rng.u32(..4) > 0 {
            sleep(Duration::from_millis(pace_ms)).await;
        }
    }
    exchange.done().await;
}

fn text(rng: &mut fastrand::Rng, words: usize) -> String {
    let mut text = String::new();
    for _ in 0..words {
        text.push_str(rng.choice(WORDS).unwrap_or_default());
        text.push(' ');
    }
    text
}
