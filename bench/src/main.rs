//! Measures what the README claims, with peers beside it: `cargo xtask bench parse`.

mod parse;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("parse") => parse::run(),
        _ => {
            eprintln!("usage: bench parse");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
