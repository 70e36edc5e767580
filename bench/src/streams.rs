//! Event streams to many viewers: ours with a log on disk, ids and resumption, beside servers that
//! just write. Server and load have a core each; what counts is the server's CPU time.

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

/// One load for every contender.
#[derive(Clone, Copy)]
pub(crate) struct Workload {
    name: &'static str,
    connections: u32,
    /// What each is asked for, as the peers' query has it.
    asked: &'static str,
    /// Keep connections, or begin anew at each stream's end.
    hold: bool,
    seconds: u32,
}

const WORKLOADS: [Workload; 5] = [
    Workload {
        name: "1,000 viewers, an event each 20 ms",
        connections: 1000,
        asked: "n=1000000&ms=20",
        hold: true,
        seconds: 4,
    },
    Workload {
        name: "1,000 viewers, 200 events each as fast as it goes, again and again",
        connections: 1000,
        asked: "n=200&y=1",
        hold: false,
        seconds: 4,
    },
    Workload {
        name: "5,000 viewers, an event each 200 ms",
        connections: 5000,
        asked: "n=1000000&ms=200",
        hold: true,
        seconds: 4,
    },
    Workload {
        name: "1,000 viewers, an event a second: memory",
        connections: 1000,
        asked: "n=1000000&ms=1000",
        hold: true,
        seconds: 2,
    },
    Workload {
        name: "5,000 viewers, an event a second: memory",
        connections: 5000,
        asked: "n=1000000&ms=1000",
        hold: true,
        seconds: 2,
    },
];

impl Workload {
    /// One generation for all does not begin anew for each: it goes on as fast as it can.
    fn fit_for(self, contender: &Contender) -> Self {
        if self.hold || contender.kind != Kind::OneGeneration {
            return self;
        }
        Self { asked: "n=1000000&y=1", hold: true, ..self }
    }
}

/// Prints a table for each load: medians over interleaved rounds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let contenders = options.contenders();
        for workload in WORKLOADS.iter().filter(|workload| options.wants(workload)) {
            let mut figures = Figures::new(workload);
            for round in 0..options.rounds {
                for at in 0..contenders.len() {
                    // Each round begins with another one.
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
    /// Parts of names; none, all contenders.
    only: Vec<String>,
    /// Part of the workloads' names.
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
