//! The whole server, with a model that keeps time: what `cargo xtask bench streams` measures. Takes
//! the program's own flags; with `--provider`, that one answers. A generation whose text is
//! `n=200&ms=20&y=1` writes that many deltas, each with the time on it.

use std::{process::ExitCode, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use llm::{Answer, Delta, Error, Finish, Provider, Request, Role};
use rustix::time::{ClockId, clock_gettime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let is_asked = std::env::args().any(|argument| argument.starts_with("--provider"));
    server::run((!is_asked).then(|| Arc::new(Metronome) as _)).await
}

/// Writes the time into the summary, again and again.
struct Metronome;

impl Provider for Metronome {
    fn name(&self) -> &str {
        "metronome"
    }

    fn model(&self) -> &str {
        "metronome"
    }

    fn answer(&self, request: Request) -> Answer {
        let asked = Asked::parse(request.last(Role::User));
        let pieces = stream::unfold(0, move |i| async move {
            let piece = match i {
                0 => text("{\"title\":\"\",\"summary\":\"".to_owned()),
                i if i <= asked.n => {
                    asked.due(i).await;
                    text(["流式 tok @", itoa::Buffer::new().format(now()), " "].concat())
                }
                i if i == asked.n + 1 => text("\"}".to_owned()),
                i if i == asked.n + 2 => Ok(Delta::Finish(Finish::Stop)),
                _ => return None,
            };
            Some((piece, i + 1))
        });
        pieces.boxed()
    }
}

fn text(text: String) -> Result<Delta, Error> {
    Ok(Delta::Text(text))
}

/// Nanoseconds of the monotonic clock, which is the same in every process.
fn now() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

/// As the peers' query.
#[derive(Clone, Copy)]
struct Asked {
    n: u32,
    ms: u64,
    y: bool,
}

impl Asked {
    fn parse(text: &str) -> Self {
        let mut asked = Self { n: 200, ms: 0, y: false };
        for (name, value) in text.trim().split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "n" => asked.n = value.parse().unwrap_or(asked.n),
                "ms" => asked.ms = value.parse().unwrap_or(asked.ms),
                "y" => asked.y = value == "1",
                _ => {}
            }
        }
        asked
    }

    /// Waits until it is time for the `i`th delta.
    async fn due(self, i: u32) {
        if self.ms > 0 && i > 1 {
            tokio::time::sleep(Duration::from_millis(self.ms)).await;
        } else if self.y {
            tokio::task::yield_now().await;
        }
    }
}
