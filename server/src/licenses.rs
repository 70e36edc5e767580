use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{assets::read_asset, logging::Output};

/// The file in which `cargo xtask build` puts the notices of all linked crates.
const FILE: &str = "licenses.txt";

/// Prints the licences of all linked crates. The server serves the same file.
pub(crate) async fn print(log: &Output) -> ExitCode {
    let Some(notices) = read_asset(FILE).await else {
        log.say("this build has no notices inside; `cargo xtask build` makes one with them");
        return ExitCode::FAILURE;
    };
    match io::stdout().write_all(&notices) {
        Ok(()) => ExitCode::SUCCESS,
        // A pager that is closed early is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            log.say(error);
            ExitCode::FAILURE
        }
    }
}
