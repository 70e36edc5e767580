use std::time::Duration;

use anyhow::Result;
use serde_json::Value;
use test_support::{Exchange, Launch, Piece, Upstream};
use tokio::time::{Instant, timeout};

use super::contender::sibling;

const ROUNDS: usize = 25;

/// The time between two tokens that the provider writes.
const PACE: Duration = Duration::from_millis(1);

/// How many tokens the provider writes before it is stopped.
const TOKENS: usize = 100;

/// Prints how long the provider's connection stays open after a request to stop, and how many tokens
/// the provider writes meanwhile.
pub(crate) async fn measure() -> Result<()> {
    let mut upstream = Upstream::start().await;
    let server = Launch::new(sibling("unspool_sse")?).asking(&upstream, "key").start().await;
    let client = server.client();
    let mut runs = Vec::new();
    for _ in 0..ROUNDS {
        let id = client.start("A text that is long enough.").await;
        let mut exchange = upstream.next().await;
        exchange.text("{\"title\": \"T\", \"summary\": \"").await;
        for _ in 0..TOKENS {
            write(&mut exchange).await;
        }
        let requested = Instant::now();
        let stop = tokio::spawn(async move {
            client.post(&format!("/api/generations/{id}/stop"), &Value::Null).await
        });
        let mut tokens = 0;
        while write(&mut exchange).await {
            tokens += 1;
        }
        runs.push((requested.elapsed(), tokens));
        stop.await?;
    }
    runs.sort_unstable();
    let most = runs.iter().map(|(_, tokens)| tokens).max().copied().unwrap_or_default();
    println!(
        "\nstopping a provider that writes 1,000 tokens a second: its connection is closed {:.2} ms \
         after the request (median of {ROUNDS}; {:.2} at most), with {} tokens written meanwhile \
         ({most} at most)",
        runs[ROUNDS / 2].0.as_secs_f64() * 1e3,
        runs[ROUNDS - 1].0.as_secs_f64() * 1e3,
        runs[ROUNDS / 2].1,
    );
    Ok(())
}

/// Waits until the next token is due and writes it. Returns whether the connection is still open.
async fn write(exchange: &mut Exchange) -> bool {
    let is_closed = timeout(PACE, exchange.closed()).await.is_ok();
    !is_closed && exchange.raw(Piece::Text("word ".to_owned()).frame().as_bytes()).await
}
