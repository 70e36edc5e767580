//! Measures what the README claims, with peers beside it, and tries to break it: `cargo xtask
//! bench`, `cargo xtask chaos`.

mod chaos;
mod conversations;
mod markdown;
mod overhead;
#[cfg(feature = "peers")]
mod parse;
mod streams;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else { return usage() };
    let done = match command.as_str() {
        "chaos" => chaos::run(rest),
        #[cfg(feature = "peers")]
        "parse" => {
            parse::run();
            Ok(())
        }
        "conversations" => conversations::run(rest),
        "markdown" => markdown::run(rest),
        "overhead" => overhead::run(rest),
        "streams" => streams::run(rest),
        // What `streams` starts as a process of its own.
        "load" => streams::load(rest),
        _ => return usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: bench chaos --kills N [--seed S] | conversations BINARY | markdown FILE | overhead | parse | streams [--rounds N]"
    );
    ExitCode::FAILURE
}
