//! Markdown that renders as it streams: what it costs the server, and the edits for the page.

mod sample;

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use markdown::{Stream, render};
use protocol::markdown::Edit;
use serde_json::json;

const SIZES: [usize; 3] = [25_000, 100_000, 1_000_000];
/// What the page is measured with.
const PAGE_SIZES: [usize; 2] = [25_000, 100_000];
const ROUNDS: usize = 7;

/// Prints the server's costs, and writes the page's work into the file that is named, as JSON.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let file = arguments.first().context("usage: bench markdown FILE")?;
    println!("Fastest of {ROUNDS} rounds: crates/markdown, as the server runs it\n");
    println!(
        "{:>8} {:>7} {:>9} {:>12} {:>12} {:>10}",
        "bytes", "pieces", "µs/piece", "last quarter", "bytes/byte", "whole, ms"
    );
    for bytes in SIZES {
        row(&sample::text(bytes));
    }
    let runs: Vec<_> = PAGE_SIZES.map(|bytes| work(&sample::text(bytes))).into();
    fs::write(file, serde_json::to_vec(&runs)?).with_context(|| format!("cannot write {file}"))
}

fn row(text: &str) {
    let pieces = sample::pieces(text);
    let from = pieces.len() * 3 / 4;
    let (mut all, mut last, mut whole) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let mut stream = Stream::new();
        let begun = Instant::now();
        for piece in &pieces[..from] {
            std::hint::black_box(stream.push(piece));
        }
        let between = Instant::now();
        for piece in &pieces[from..] {
            std::hint::black_box(stream.push(piece));
        }
        last = last.min(between.elapsed());
        all = all.min(begun.elapsed());
        let begun = Instant::now();
        std::hint::black_box(render(text));
        whole = whole.min(begun.elapsed());
    }
    let sent: usize = edits(&pieces).iter().map(String::len).sum();
    let micros = |time: Duration, pieces: usize| time.as_secs_f64() * 1e6 / pieces as f64;
    println!(
        "{:>8} {:>7} {:>9.1} {:>12.1} {:>12.1} {:>10.1}",
        text.len(),
        pieces.len(),
        micros(all, pieces.len()),
        micros(last, pieces.len() - from),
        sent as f64 / text.len() as f64,
        whole.as_secs_f64() * 1e3,
    );
}

/// The edits of each piece as they come off the wire; the last are those of the end.
fn edits(pieces: &[String]) -> Vec<String> {
    let json = |edits: Vec<Edit>| serde_json::to_string(&edits).unwrap_or_default();
    let mut stream = Stream::new();
    let mut all: Vec<_> = pieces.iter().map(|piece| json(stream.push(piece))).collect();
    all.push(json(stream.finish()));
    all
}

fn work(text: &str) -> serde_json::Value {
    let mut pieces = sample::pieces(text);
    let edits = edits(&pieces);
    pieces.push(String::new());
    json!({
        "bytes": text.len(), "pieces": pieces, "edits": edits,
        "blocks": serde_json::to_string(&render(text)).unwrap_or_default(),
    })
}
