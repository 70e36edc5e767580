use std::fmt;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{
    Workload,
    contender::{Contender, Kind},
};

/// The result of one run.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) events_per_second: f64,
    pub(crate) cpu_us_per_event: f64,
    /// The share of a core that the server used.
    pub(crate) server_cpu: f64,
    /// The share of a core that the load generator used. Near 1, the generator limits the result.
    pub(crate) load_cpu: f64,
    /// NaN when no delays were recorded, which JSON writes as null.
    #[serde(deserialize_with = "or_nan")]
    pub(crate) delay_p50_ms: f64,
    #[serde(deserialize_with = "or_nan")]
    pub(crate) delay_p99_ms: f64,
    pub(crate) resident_kb: f64,
    pub(crate) kb_per_connection: f64,
    pub(crate) open: u32,
    pub(crate) failures: u64,
}

fn or_nan<'de, D: serde::Deserializer<'de>>(value: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or(f64::NAN))
}

/// The results of one workload.
pub(crate) struct Figures {
    workload: Workload,
    rows: Vec<(&'static Contender, Vec<Measured>)>,
    errors: Vec<String>,
}

impl Figures {
    pub(crate) fn new(workload: &Workload) -> Self {
        Self { workload: *workload, rows: Vec::new(), errors: Vec::new() }
    }

    pub(crate) fn add(&mut self, contender: &'static Contender, measured: Result<Measured>) {
        let measured = match measured {
            Ok(measured) => measured,
            Err(error) => return self.errors.push(format!("{}: {error:#}", contender.name)),
        };
        match self.rows.iter_mut().find(|(known, _)| known.name == contender.name) {
            Some((_, runs)) => runs.push(measured),
            None => self.rows.push((contender, vec![measured])),
        }
    }
}

fn median(runs: &[Measured], of: fn(&Measured) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", self.workload.name)?;
        writeln!(
            f,
            "{:28} {:>10} {:>9} {:>7} {:>8} {:>9} {:>9} {:>6} {:>6}",
            "", "events/s", "µs/event", "× axum", "KB/conn", "p50 ms", "p99 ms", "CPU", "load"
        )?;
        let of_axum = self.rows.iter().find(|(contender, _)| contender.kind == Kind::Rust("axum"));
        let axum = of_axum.map_or(f64::NAN, |(_, runs)| median(runs, |run| run.cpu_us_per_event));
        for (contender, runs) in &self.rows {
            let cost = median(runs, |run| run.cpu_us_per_event);
            writeln!(
                f,
                "{:28} {:10.0} {:9.2} {:7.2} {:8.1} {:9.2} {:9.2} {:6.2} {:6.2}",
                contender.name,
                median(runs, |run| run.events_per_second),
                cost,
                cost / axum,
                median(runs, |run| run.kb_per_connection),
                median(runs, |run| run.delay_p50_ms),
                median(runs, |run| run.delay_p99_ms),
                median(runs, |run| run.server_cpu),
                median(runs, |run| run.load_cpu),
            )?;
            let incomplete = runs.iter().filter(|run| run.open < self.workload.connections).count();
            let failures: u64 = runs.iter().map(|run| run.failures).sum();
            if incomplete > 0 || failures > 0 {
                writeln!(
                    f,
                    "  {incomplete} runs without all viewers, {failures} failed connections"
                )?;
            }
        }
        self.errors.iter().try_for_each(|error| writeln!(f, "{error}"))
    }
}
