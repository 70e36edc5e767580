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
    viewer::{self, Received, Request},
};

/// How many connections are opened before a short pause.
const OPENED_AT_ONCE: u32 = 50;

/// How long it may take until all connections have received an event.
const OPEN_DEADLINE: Duration = Duration::from_secs(60);

/// How long all connections receive events before the measurement begins.
const WARM_UP: Duration = Duration::from_millis(1500);

/// The load generator's arguments, which it gets as JSON.
#[derive(Deserialize)]
struct Arguments {
    port: u16,
    pid: u32,
    request: Request,
    connections: u32,
    hold: bool,
    seconds: u64,
}

/// Runs the load generator on one thread and prints its measurements as JSON.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let arguments: Arguments =
        serde_json::from_str(arguments.first().context("the arguments are missing")?)?;
    open_many_files();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = LocalSet::new().block_on(&runtime, measure(arguments))?;
    println!("{}", serde_json::to_string(&measured)?);
    // Exits at once instead of dropping thousands of open connections.
    process::exit(0);
}

async fn measure(arguments: Arguments) -> Result<Measured> {
    let received = Rc::new(RefCell::new(Received::default()));
    open_connections(&arguments, &received).await?;
    sleep(WARM_UP).await;
    let (server_cpu, load_cpu, events) =
        (cpu_seconds(arguments.pid)?, cpu_seconds(process::id())?, received.borrow().events);
    received.borrow_mut().records_delays = arguments.hold;
    let since = Instant::now();
    sleep(Duration::from_secs(arguments.seconds)).await;
    let server_cpu = cpu_seconds(arguments.pid)? - server_cpu;
    let load_cpu = cpu_seconds(process::id())? - load_cpu;
    let seconds = since.elapsed().as_secs_f64();
    let mut received = received.borrow_mut();
    let events = (received.events - events) as f64;
    received.delays.sort_unstable();
    Ok(Measured {
        events_per_second: events / seconds,
        cpu_us_per_event: server_cpu * 1e6 / events.max(1.0),
        server_cpu: server_cpu / seconds,
        load_cpu: load_cpu / seconds,
        delay_p50_ms: percentile(&received.delays, 50),
        delay_p99_ms: percentile(&received.delays, 99),
        resident_kb: resident_kb(arguments.pid)? as f64,
        // Filled in by the caller, who knows the memory before the load.
        kb_per_connection: 0.0,
        open: received.open,
        failures: received.failures,
    })
}

/// Opens all connections, and waits until each has received an event or the deadline has passed.
async fn open_connections(arguments: &Arguments, received: &Rc<RefCell<Received>>) -> Result<()> {
    let Arguments { port, connections, hold, .. } = *arguments;
    let request = match &arguments.request {
        // All viewers follow the generation that is started here.
        Request::OneGeneration(text) if hold => Request::Get(viewer::start(port, text).await?),
        request => request.clone(),
    };
    for connection in 0..connections {
        spawn_local(view_repeatedly(port, request.clone(), hold, Rc::clone(received)));
        if connection % OPENED_AT_ONCE == OPENED_AT_ONCE - 1 {
            sleep(Duration::from_millis(10)).await;
        }
    }
    let deadline = Instant::now() + OPEN_DEADLINE;
    while received.borrow().open < connections && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

fn percentile(sorted_us: &[u32], percent: usize) -> f64 {
    let at = sorted_us.len().saturating_sub(1) * percent / 100;
    sorted_us.get(at).map_or(f64::NAN, |us| f64::from(*us) / 1000.0)
}

/// Reads one stream when `hold` is set, or else one stream after another.
async fn view_repeatedly(port: u16, request: Request, hold: bool, received: Rc<RefCell<Received>>) {
    loop {
        if view_once(port, &request, &received).await.is_err() {
            received.borrow_mut().failures += 1;
            sleep(Duration::from_millis(20)).await;
        } else if hold {
            return;
        }
    }
}

async fn view_once(
    port: u16,
    request: &Request,
    received: &Rc<RefCell<Received>>,
) -> io::Result<()> {
    let path = match request {
        Request::Get(path) => path.clone(),
        Request::GenerationEach(text) | Request::OneGeneration(text) => {
            viewer::start(port, text).await?
        }
    };
    viewer::view(port, &path, received).await
}
