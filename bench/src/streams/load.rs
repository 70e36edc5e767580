use std::{cell::RefCell, io, process, rc::Rc, time::Duration};

use anyhow::{Context, Result};
use serde::Deserialize;
use tokio::{
    runtime,
    task::{LocalSet, spawn_local},
    time::{Instant, sleep},
};

use super::{
    figures::Measured,
    process::{cpu_seconds, open_many_files, resident_kb},
    viewer::{self, Ask, Seen},
};

/// Connections that are opened before the next ones wait a little.
const TOGETHER: u32 = 50;

/// How long all connections may take to have their first event.
const OPENING: Duration = Duration::from_secs(60);

/// What passes before the measurement begins.
const SETTLING: Duration = Duration::from_millis(1500);

/// What the process is told.
#[derive(Deserialize)]
struct Asked {
    port: u16,
    pid: u32,
    ask: Ask,
    connections: u32,
    hold: bool,
    seconds: u64,
}

/// The load generator: one thread, which prints what it measured as JSON.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let asked: Asked = serde_json::from_str(arguments.first().context("nothing asked")?)?;
    open_many_files();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = LocalSet::new().block_on(&runtime, measure(asked))?;
    println!("{}", serde_json::to_string(&measured)?);
    // What is still open needs no farewell.
    process::exit(0);
}

async fn measure(asked: Asked) -> Result<Measured> {
    let seen = Rc::new(RefCell::new(Seen::default()));
    let ask = match &asked.ask {
        // All share it from here on.
        Ask::OneGeneration(text) if asked.hold => Ask::Get(viewer::start(asked.port, text).await?),
        ask => ask.clone(),
    };
    for connection in 0..asked.connections {
        spawn_local(watch(asked.port, ask.clone(), asked.hold, Rc::clone(&seen)));
        if connection % TOGETHER == TOGETHER - 1 {
            sleep(Duration::from_millis(10)).await;
        }
    }
    let deadline = Instant::now() + OPENING;
    while seen.borrow().open < asked.connections && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
    sleep(SETTLING).await;
    let (cpu, own, events) =
        (cpu_seconds(asked.pid)?, cpu_seconds(process::id())?, seen.borrow().events);
    seen.borrow_mut().noting = asked.hold;
    let since = Instant::now();
    sleep(Duration::from_secs(asked.seconds)).await;
    let cpu = cpu_seconds(asked.pid)? - cpu;
    let own = cpu_seconds(process::id())? - own;
    let seconds = since.elapsed().as_secs_f64();
    let mut seen = seen.borrow_mut();
    let events = (seen.events - events) as f64;
    seen.delays.sort_unstable();
    Ok(Measured {
        events_per_second: events / seconds,
        cpu_us_per_event: cpu * 1e6 / events.max(1.0),
        server_cpu: cpu / seconds,
        load_cpu: own / seconds,
        delay_p50_ms: percentile(&seen.delays, 50),
        delay_p99_ms: percentile(&seen.delays, 99),
        resident_kb: resident_kb(asked.pid)? as f64,
        kb_per_connection: 0.0,
        open: seen.open,
        failures: seen.failures,
    })
}

fn percentile(sorted_us: &[u32], percent: usize) -> f64 {
    let at = sorted_us.len().saturating_sub(1) * percent / 100;
    sorted_us.get(at).map_or(f64::NAN, |us| f64::from(*us) / 1000.0)
}

/// One viewer: a stream, or one after another.
async fn watch(port: u16, ask: Ask, hold: bool, seen: Rc<RefCell<Seen>>) {
    loop {
        if see(port, &ask, &seen).await.is_err() {
            seen.borrow_mut().failures += 1;
            sleep(Duration::from_millis(20)).await;
        } else if hold {
            return;
        }
    }
}

async fn see(port: u16, ask: &Ask, seen: &Rc<RefCell<Seen>>) -> io::Result<()> {
    let path = match ask {
        Ask::Get(path) => path.clone(),
        Ask::GenerationEach(text) | Ask::OneGeneration(text) => viewer::start(port, text).await?,
    };
    viewer::view(port, &path, seen).await
}
