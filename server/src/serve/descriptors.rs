use rustix::process::{Resource, getrlimit, setrlimit};

use super::FAREWELLS;
use crate::config::ConnectionLimits;

/// Open files for the database, the journal and what else is no connection.
const OWN: usize = 64;

/// Lowers `limits` to what the system allows in open files, each connection being one, beside
/// those of `running` generations. That is raised first as far as it may be.
pub(super) fn fit(limits: ConnectionLimits, running: usize) -> ConnectionLimits {
    let Some(files) = raise() else { return limits };
    let fitting = fit_into(files, limits, running);
    if fitting.most < limits.most {
        tracing::warn!(
            asked = limits.most,
            taken = fitting.most,
            files,
            "UNSPOOL_MAX_CONNECTIONS: the system allows fewer open files (ulimit -n)"
        );
    }
    fitting
}

/// How many files may be open; none, any number.
fn raise() -> Option<usize> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it may not be raised, it stays as it is.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.and_then(|files| files.try_into().ok())
}

fn fit_into(files: usize, limits: ConnectionLimits, running: usize) -> ConnectionLimits {
    let others = (OWN + FAREWELLS + running).min(files / 2);
    let room = files - others;
    if limits.most <= room {
        return limits;
    }
    // One address leaves some to others, as it did.
    let most_per_address = limits.most_per_address.min(room - room / 4);
    ConnectionLimits { most: room, most_per_address, ..limits }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn fitted(files: usize, most: usize, most_per_address: usize) -> (usize, usize) {
        let [head, body, stall] = [Duration::ZERO; 3];
        let limits = ConnectionLimits { most, most_per_address, head, body, stall };
        let fitting = fit_into(files, limits, 256);
        (fitting.most, fitting.most_per_address)
    }

    #[test]
    fn there_are_files_for_all_that_may_connect_and_for_the_rest() {
        assert_eq!(fitted(65_536, 16_384, 4096), (16_384, 4096));
        assert_eq!(fitted(4096, 16_384, 4096), (3520, 2640));
        assert_eq!(fitted(4096, 16_384, 100), (3520, 100));
        assert_eq!(fitted(256, 16_384, 4096), (128, 96));
    }
}
