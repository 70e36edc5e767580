//! Our own share of an event's way: a provider on this machine writes tokens with the time on each,
//! and the same stream is read from the provider itself and through Unspool, from its socket over
//! the parser and the log on disk to the viewer's socket.

use std::{cell::RefCell, rc::Rc, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{LocalSet, spawn_local},
    time::{interval, timeout},
};

use crate::streams::{Received, Unspool, now, start, view};

/// How many tokens a second the provider writes, and for how long it does.
const RATES: [u64; 4] = [20, 100, 1000, 5000];
const SECONDS: u64 = 5;

/// How long one measurement may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// What is aimed at, at the 99th percentile.
const AIM_MS: f64 = 1.0;

/// Prints a row for each rate.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("`overhead` takes no arguments");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        println!("ms from the provider's write to the viewer's read");
        println!(
            "{:>9}  {:^24}  {:^24}  {:>9}",
            "", "from the provider", "through Unspool", "ours"
        );
        println!(
            "{:>9}  {:>7} {:>7} {:>8}  {:>7} {:>7} {:>8}  {:>9}",
            "tokens/s", "p50", "p99", "most", "p50", "p99", "most", "p99"
        );
        for rate in RATES {
            let [direct, through] = measure(rate).await?;
            let ours = (through.at(99) - direct.at(99)).max(0.0);
            let verdict = if ours < AIM_MS { "" } else { "  over the aim of 1 ms" };
            println!("{rate:>9}  {direct}  {through}  {ours:>9.3}{verdict}");
        }
        Ok(())
    })
}

/// The delays of one stream, in milliseconds, from the smallest on.
struct Delays(Vec<f64>);

impl Delays {
    fn of(received: &Rc<RefCell<Received>>) -> Self {
        let delays = &received.borrow().delays;
        let mut delays: Vec<f64> = delays.iter().map(|us| f64::from(*us) / 1000.0).collect();
        delays.sort_by(f64::total_cmp);
        Self(delays)
    }

    fn at(&self, percent: usize) -> f64 {
        let at = self.0.len().saturating_sub(1) * percent / 100;
        self.0.get(at).copied().unwrap_or(f64::NAN)
    }
}

impl std::fmt::Display for Delays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>7.3} {:>7.3} {:>8.3}", self.at(50), self.at(99), self.at(100))
    }
}

async fn measure(rate: u64) -> Result<[Delays; 2]> {
    let provider = TcpListener::bind("127.0.0.1:0").await?;
    let port = provider.local_addr()?.port();
    let serving = spawn_local(async move {
        while let Ok((stream, _)) = provider.accept().await {
            spawn_local(async move {
                // Whoever has enough closes the connection.
                let _ = write(stream, rate).await;
            });
        }
    });
    let direct = Rc::new(RefCell::new(Received { records_delays: true, ..Received::default() }));
    let reading = view(port, "/v1/chat/completions", &direct);
    timeout(DEADLINE, reading).await.context("the provider's own stream")??;

    let unspool = Unspool::asking(port).await?;
    let through = Rc::new(RefCell::new(Received { records_delays: true, ..Received::default() }));
    let path = start(unspool.port(), "A text.").await?;
    let reading = view(unspool.port(), &path, &through);
    timeout(DEADLINE, reading).await.context("Unspool's stream")??;
    serving.abort();
    Ok([Delays::of(&direct), Delays::of(&through)])
}

/// Answers whatever is asked with a document that has the time in each token.
async fn write(mut stream: TcpStream, rate: u64) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut request = vec![0; 64 * 1024];
    let read = stream.read(&mut request).await?;
    if !request[..read].windows(16).any(|part| part == b"chat/completions") {
        stream
            .write_all(b"HTTP/1.1 404 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            .await?;
        return Ok(());
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\
                transfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    token(&mut stream, "{\\\"title\\\":\\\"\\\",\\\"summary\\\":\\\"").await?;
    let mut ticks = interval(Duration::from_micros(1_000_000 / rate));
    for _ in 0..rate * SECONDS {
        ticks.tick().await;
        token(&mut stream, &format!("tok @{} ", now())).await?;
    }
    token(&mut stream, "\\\"}").await?;
    chunk(&mut stream, "data: [DONE]\n\n").await?;
    stream.write_all(b"0\r\n\r\n").await?;
    Ok(())
}

async fn token(stream: &mut TcpStream, text: &str) -> Result<()> {
    let delta = format!("{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}");
    chunk(stream, &format!("data: {{\"choices\":[{delta}]}}\n\n")).await
}

async fn chunk(stream: &mut TcpStream, text: &str) -> Result<()> {
    let framed = format!("{:x}\r\n{text}\r\n", text.len());
    Ok(stream.write_all(framed.as_bytes()).await?)
}
