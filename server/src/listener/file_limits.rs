use rustix::process::{Resource, getrlimit, setrlimit};

use super::{MAX_REJECTIONS, max_rejections};
use crate::config::Config;

/// Files for everything but connections to clients and providers: standard streams, event queues,
/// the database with its readers, the journal's segments, name lookups, and the connection that is
/// being accepted. About 20 of them are open all the time.
const RESERVE: usize = 32;

/// The server does not start with fewer open files than this.
const FEWEST: usize = 48;

/// The system allows fewer open files than the server needs.
#[derive(Debug, thiserror::Error)]
#[error(
    "the system allows {0} open files (ulimit -n); it takes {FEWEST} at least, and better 1024"
)]
pub(crate) struct TooFewFiles(usize);

/// How open files are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shares {
    /// Generations that run at once. Each has a connection to its provider.
    running: usize,
    connections: usize,
    connections_per_address: usize,
}

/// Raises the limit of open files as far as the system permits, and lowers the settings that need
/// more files than that.
pub(crate) fn fit_open_files(config: &mut Config) -> Result<(), TooFewFiles> {
    let Some(files) = raise_file_limit() else { return Ok(()) };
    if files < FEWEST {
        return Err(TooFewFiles(files));
    }
    let asked = Shares {
        running: config.engine.max_running,
        connections: config.connections.max_connections,
        connections_per_address: config.connections.max_connections_per_address,
    };
    let taken = asked.fit_into(files);
    config.engine.max_running = taken.running;
    config.connections.max_connections = taken.connections;
    config.connections.max_connections_per_address = taken.connections_per_address;
    warn_if_lowered("UNSPOOL_MAX_RUNNING", asked.running, taken.running, files);
    warn_if_lowered("UNSPOOL_MAX_CONNECTIONS", asked.connections, taken.connections, files);
    Ok(())
}

fn warn_if_lowered(setting: &str, asked: usize, taken: usize, files: usize) {
    if taken < asked {
        tracing::warn!(
            asked,
            taken,
            files,
            "{setting} is lowered: the system allows too few open files (ulimit -n)"
        );
    }
}

/// Raises the limit of open files, and returns it; `None` means that there is no limit.
fn raise_file_limit() -> Option<usize> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // A system that refuses keeps its limit, which is then read below.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.and_then(|files| files.try_into().ok())
}

impl Shares {
    /// The same shares, or smaller ones where `files` do not suffice.
    fn fit_into(self, files: usize) -> Self {
        let room = files.saturating_sub(RESERVE);
        // A third, as each generation also needs a connection for the client that starts it and one
        // for the client that reads it.
        let running = self.running.min(room / 3);
        let rest = room - running;
        if self.connections + max_rejections(self.connections) <= rest {
            return Self { running, ..self };
        }
        let connections = (rest - rest.div_ceil(5)).max(rest.saturating_sub(MAX_REJECTIONS));
        // A quarter stays free for other addresses, as with the defaults.
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
            let all = RESERVE + running + connections + max_rejections(connections);
            assert!(all <= files && running > 0, "{files}");
            assert!((1..=connections).contains(&per_address), "{files}");
        }
    }
}
