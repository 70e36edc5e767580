//! `unspool`: one binary that holds its page, its database and its engine.

use std::{process::ExitCode, time::Duration};

use tokio::runtime::Runtime;

/// How long blocking work, which may hang on a disk that does not answer, can delay the exit.
const RUNTIME_DEADLINE: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return server::fail(&error),
    };
    let exit = runtime.block_on(server::run(None));
    runtime.shutdown_timeout(RUNTIME_DEADLINE);
    exit
}
