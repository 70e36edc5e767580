//! `cargo xtask`: sets up, builds, runs, tests and measures Unspool.
//!
//! A command first installs what it needs and can install by itself. So rustup, a C compiler and the
//! checkout suffice, and Node for browser tests.

mod arrows;
mod audit;
mod bench;
mod browser;
mod budget;
mod build;
mod chaos;
mod check;
mod compress;
mod fuzz;
mod notices;
mod process;
mod profile;
mod site;
mod steps;
mod style;
mod tools;
mod wasm;
mod wasm_opt;
mod workspace;

use anyhow::{Result, bail};
use profile::Profile;
use std::process::ExitCode;
use workspace::Workspace;

const HELP: &str = "\
cargo xtask run   [--release] [-- server arguments]   build, then serve; prints the address
cargo xtask build [--release]                         one binary with the page inside
cargo xtask test  [--no-browser] [step …]             all checks, or the named steps
cargo xtask bench [name] [arguments]                  measures what the README claims; no name lists them
cargo xtask chaos [--kills N] [--seed S] [--resume on|off]   kills the server under load, compares
cargo xtask fuzz  [--seconds N]                       every fuzz target for a minute or N seconds
cargo xtask audit                                     crates: unused, licences, sources, advisories
cargo xtask help                                      this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("which command?\n{HELP}");
    };
    match command.as_str() {
        "run" => run(rest),
        "build" => {
            let profile = Profile::from_arguments(rest)?;
            let binary = build::build(profile, &Workspace::find()?)?;
            println!("built {}", binary.display());
            Ok(())
        }
        "test" => check::run(&Workspace::find()?, rest),
        "chaos" => chaos::run(&Workspace::find()?, rest),
        "fuzz" => fuzz::run(&Workspace::find()?, rest),
        "audit" if rest.is_empty() => audit::run(&Workspace::find()?),
        "bench" => bench::run(&Workspace::find()?, rest),
        "help" | "-h" | "--help" => {
            println!("{HELP}");
            println!("\nsteps of test: {}", check::names());
            println!("benches: {}", bench::names());
            Ok(())
        }
        unknown => bail!("`{unknown}` is no command\n{HELP}"),
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let split = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let profile = Profile::from_arguments(&arguments[..split])?;
    let binary = build::build(profile, &Workspace::find()?)?;
    process::replace(std::process::Command::new(binary).args(arguments.iter().skip(split + 1)))
}
