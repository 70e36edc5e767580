use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::assets::read_asset;

/// Where `cargo xtask build` puts the notices of what it links.
const FILE: &str = "licenses.txt";

/// Prints the licences of all that is inside, as they are served, too.
pub(crate) async fn print() -> ExitCode {
    let Some(notices) = read_asset(FILE).await else {
        eprintln!(
            "unspool: this build has no notices inside; `cargo xtask build` makes one with them"
        );
        return ExitCode::FAILURE;
    };
    match io::stdout().write_all(&notices) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads them has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unspool: {error}");
            ExitCode::FAILURE
        }
    }
}
