use rustix::process::{Resource, getrlimit, setrlimit};

use super::{MOST_FAREWELLS, farewells};
use crate::config::Config;

/// Open files that are neither a connection nor a provider's: standard streams, event queues, the
/// database with its readers, the journal while it moves on, a lookup of names, whoever is being
/// accepted. Some 20 are open all the time.
const RESERVE: usize = 32;

/// With fewer open files than this, nobody could be served.
const FEWEST: usize = 48;

/// The system allows fewer open files than it takes.
#[derive(Debug, thiserror::Error)]
#[error(
    "the system allows {0} open files (ulimit -n); it takes {FEWEST} at least, and better 1024"
)]
pub(crate) struct TooFewFiles(usize);

/// What open files are shared among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shares {
    /// Generations that run at once: each has a connection to its provider.
    running: usize,
    connections: usize,
    connections_per_address: usize,
}

/// Lowers the settings to what the system allows in open files. That is raised first as far as it
/// may be.
pub(crate) fn fit_open_files(config: &mut Config) -> Result<(), TooFewFiles> {
    let Some(files) = raise() else { return Ok(()) };
    if files < FEWEST {
        return Err(TooFewFiles(files));
    }
    let asked = Shares {
        running: config.engine.running,
        connections: config.connections.most,
        connections_per_address: config.connections.most_per_address,
    };
    let taken = asked.fit_into(files);
    config.engine.running = taken.running;
    config.connections.most = taken.connections;
    config.connections.most_per_address = taken.connections_per_address;
    tell("UNSPOOL_MAX_RUNNING", asked.running, taken.running, files);
    tell("UNSPOOL_MAX_CONNECTIONS", asked.connections, taken.connections, files);
    Ok(())
}

fn tell(setting: &str, asked: usize, taken: usize, files: usize) {
    if taken < asked {
        tracing::warn!(
            asked,
            taken,
            files,
            "{setting} is lowered: the system allows too few open files (ulimit -n)"
        );
    }
}

/// How many files may be open; none, any number.
fn raise() -> Option<usize> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it may not be raised, it stays as it is.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.and_then(|files| files.try_into().ok())
}

impl Shares {
    /// These, or as much of them as there are files for.
    fn fit_into(self, files: usize) -> Self {
        let room = files.saturating_sub(RESERVE);
        // Whoever starts a generation, and whoever reads it, need a connection, too.
        let running = self.running.min(room / 3);
        let rest = room - running;
        if self.connections + farewells(self.connections) <= rest {
            return Self { running, ..self };
        }
        let connections = (rest - rest.div_ceil(5)).max(rest.saturating_sub(MOST_FAREWELLS));
        // One address leaves some to others, as it did.
        let most = connections - connections / 4;
        let connections_per_address = self.connections_per_address.min(most);
        Self { running, connections, connections_per_address }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(files: usize, connections_per_address: usize) -> (usize, usize, usize) {
        let asked = Shares { running: 256, connections: 16_384, connections_per_address };
        let Shares { running, connections, connections_per_address } = asked.fit_into(files);
        (running, connections, connections_per_address)
    }

    #[test]
    fn there_are_files_for_all_that_may_connect_or_run_and_for_the_rest() {
        assert_eq!(fitted(65_536, 4096), (256, 16_384, 4096));
        assert_eq!(fitted(4096, 4096), (256, 3552, 2664));
        assert_eq!(fitted(4096, 100), (256, 3552, 100));
        assert_eq!(fitted(1024, 4096), (256, 588, 441));
        assert_eq!(fitted(256, 4096), (74, 120, 90));
        assert_eq!(fitted(64, 4096), (10, 17, 13));
        assert_eq!(fitted(FEWEST, 4096), (5, 8, 6));
        for files in FEWEST..20_000 {
            let (running, connections, per_address) = fitted(files, 4096);
            let all = RESERVE + running + connections + farewells(connections);
            assert!(all <= files && running > 0, "{files}");
            assert!((1..=connections).contains(&per_address), "{files}");
        }
    }
}
