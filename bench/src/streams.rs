//! Measures event streams to many viewers: Unspool's, which have ids and are in a log on disk, beside
//! those of servers that only write to their sockets. The server and the load generator have a core
//! each, and the server's CPU time is compared.

mod contender;
mod figures;
mod load;
mod process;
mod resume;
mod stop;
mod viewer;

use anyhow::{Context, Result, bail};

use contender::{CONTENDERS, Contender, Kind};
use figures::{Figures, Measured};
use process::Server;

pub(crate) use load::run as load;
pub(crate) use process::Unspool;
pub(crate) use viewer::{Received, now, start, view};

/// What a contender has to do, and for how long.
#[derive(Clone, Copy)]
pub(crate) struct Workload {
    name: &'static str,
    connections: u32,
    /// How many events (`n`), how many milliseconds apart (`ms`), and whether the writer yields
    /// after each (`y`), as a query. Unspool
    /// gets it as the text to summarise.
    query: &'static str,
    /// Whether each viewer keeps one stream for the whole run. Otherwise it opens the next one when a
    /// stream has ended.
    hold: bool,
    seconds: u32,
}

const WORKLOADS: [Workload; 5] = [
    Workload {
        name: "1,000 viewers, an event each 20 ms",
        connections: 1000,
        query: "n=1000000&ms=20",
        hold: true,
        seconds: 4,
    },
    Workload {
        name: "1,000 viewers, 200 events each as fast as it goes, again and again",
        connections: 1000,
        query: "n=200&y=1",
        hold: false,
        seconds: 4,
    },
    Workload {
        name: "5,000 viewers, an event each 200 ms",
        connections: 5000,
        query: "n=1000000&ms=200",
        hold: true,
        seconds: 4,
    },
    Workload {
        name: "1,000 viewers, an event a second: memory",
        connections: 1000,
        query: "n=1000000&ms=1000",
        hold: true,
        seconds: 2,
    },
    Workload {
        name: "5,000 viewers, an event a second: memory",
        connections: 5000,
        query: "n=1000000&ms=1000",
        hold: true,
        seconds: 2,
    },
];

impl Workload {
    /// Where viewers open one stream after another, a generation that all share would soon have ended.
    /// So it is made long, and viewers keep its stream.
    fn fit_for(self, contender: &Contender) -> Self {
        if self.hold || contender.kind != Kind::OneGeneration {
            return self;
        }
        Self { query: "n=1000000&y=1", hold: true, ..self }
    }
}

/// Prints a table for each workload, with medians over interleaved rounds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let contenders = options.contenders();
        for workload in WORKLOADS.iter().filter(|workload| options.wants(workload)) {
            let mut figures = Figures::new(workload);
            for round in 0..options.rounds {
                for at in 0..contenders.len() {
                    // Each round begins with another contender, so that none is always measured first.
                    let contender = contenders[(at + round) % contenders.len()];
                    figures.add(contender, measure(contender, workload).await);
                }
            }
            print!("{figures}");
        }
        if options.only.is_empty() {
            resume::measure().await?;
            stop::measure().await?;
        }
        Ok(())
    })
}

async fn measure(contender: &Contender, workload: &Workload) -> Result<Measured> {
    let server = Server::start(contender).await?;
    server.warm_up(contender).await?;
    let before_kb = server.resident_kb()?;
    let mut measured = server.load(contender, &workload.fit_for(contender)).await?;
    measured.kb_per_connection =
        (measured.resident_kb - before_kb as f64) / f64::from(workload.connections);
    Ok(measured)
}

/// What the command line asks for.
struct Options {
    rounds: usize,
    /// Parts of the names of the contenders to measure; empty for all.
    only: Vec<String>,
    /// A part of the names of the workloads to run; empty for all.
    load: String,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { rounds: 3, only: Vec::new(), load: String::new() };
        for option in arguments.chunks(2) {
            match option {
                [name, value] if name == "--rounds" => {
                    options.rounds = value.parse().with_context(|| format!("--rounds {value}"))?;
                }
                [name, value] if name == "--only" => {
                    options.only = value.split(',').map(str::to_owned).collect();
                }
                [name, value] if name == "--load" => options.load.clone_from(value),
                _ => bail!(
                    "{}: --rounds N, --only NAME,NAME and --load NAME are known here",
                    option.join(" ")
                ),
            }
        }
        Ok(options)
    }

    fn contenders(&self) -> Vec<&'static Contender> {
        let wanted = |contender: &&Contender| {
            self.only.is_empty()
                || self.only.iter().any(|part| contender.name.contains(part.as_str()))
        };
        let mut chosen: Vec<_> = CONTENDERS.iter().filter(wanted).collect();
        chosen.retain(|contender| match contender.prepare() {
            Ok(()) => true,
            Err(error) => {
                println!("{} skipped: {error:#}", contender.name);
                false
            }
        });
        chosen
    }

    fn wants(&self, workload: &Workload) -> bool {
        workload.name.contains(&self.load)
    }
}
