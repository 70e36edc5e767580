//! What it costs to read a model's answer token by token: ours, the limit, and peers.

mod javascript;
mod peers;
mod sample;

use std::time::Duration;

use cpu_time::ProcessTime;

use peers::{Growth, PEERS, Peer};
use sample::Sample;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const ROUNDS: usize = 7;
/// A peer is run as often as this takes: a clock tick and the cost of a call vanish in it.
const BATCH: Duration = Duration::from_millis(10);
/// What a peer that rereads everything for every token is spared.
const MAX_QUADRATIC_BYTES: usize = 200_000;

/// Prints a table for each size: CPU time of the fastest round, and what that is to the limit.
pub(crate) fn run() {
    println!("CPU time of the fastest of {ROUNDS} interleaved rounds; × is against the limit");
    for bytes in SIZES {
        let sample = Sample::new(bytes);
        let tokens = sample.tokens.len();
        println!("\n{} KB, {tokens} tokens of 1 to 6 characters", bytes / 1000);
        println!("{:52} {:>12} {:>10} {:>9}  ok", "", "CPU ms", "ns/token", "×");
        let times = measure(&sample);
        let limit = times[0].as_secs_f64();
        for (peer, time) in PEERS.iter().zip(&times) {
            if is_spared(peer, &sample) {
                println!("{:52} {:>12}", peer.name, "not run");
                continue;
            }
            let right = verdict((peer.run)(&sample).map(|answer| answer == sample.answer));
            row(peer.name, time.as_secs_f64(), tokens, limit, right);
        }
        javascript::run(&sample, bytes <= MAX_QUADRATIC_BYTES, limit);
    }
}

fn row(name: &str, seconds: f64, tokens: usize, limit: f64, right: &str) {
    println!(
        "{name:52} {:12.3} {:10.1} {:9.1}  {right}",
        seconds * 1e3,
        seconds * 1e9 / tokens as f64,
        seconds / limit
    );
}

fn verdict(right: Option<bool>) -> &'static str {
    match right {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "–",
    }
}

fn is_spared(peer: &Peer, sample: &Sample) -> bool {
    peer.growth == Growth::Quadratic && sample.text.len() > MAX_QUADRATIC_BYTES
}

/// The fastest round of each peer. They take turns, so that a busy machine is busy for all.
fn measure(sample: &Sample) -> Vec<Duration> {
    let mut fastest = vec![Duration::MAX; PEERS.len()];
    let mut repeats = vec![1_u32; PEERS.len()];
    for round in 0..ROUNDS {
        for (at, peer) in PEERS.iter().enumerate() {
            let once = peer.growth == Growth::Quadratic;
            if is_spared(peer, sample) || (once && round > 0) {
                continue;
            }
            loop {
                let time = time(peer, sample, repeats[at]);
                if time >= BATCH || once {
                    fastest[at] = fastest[at].min(time / repeats[at]);
                    break;
                }
                repeats[at] *= 2;
            }
        }
    }
    fastest
}

fn time(peer: &Peer, sample: &Sample, repeats: u32) -> Duration {
    let start = ProcessTime::now();
    for _ in 0..repeats {
        std::hint::black_box((peer.run)(std::hint::black_box(sample)));
    }
    start.elapsed()
}
