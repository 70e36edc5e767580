//! The program's output: its log and its errors on standard error, and its address on standard
//! output.
//!
//! The program never waits for the readers of these, and goes on when they cannot be written. The
//! library for that, `tracing-appender`, was not taken: it limits lines and not bytes, does not count
//! the lines that a failed write has lost, and when it cannot end in time it prints to standard
//! output, which may be the stream that is stuck.

mod output;

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, IsTerminal, Write},
    panic::{self, PanicHookInfo},
    sync::mpsc,
    thread,
    time::Duration,
};

pub(crate) use output::Output;
use tracing_subscriber::EnvFilter;

/// How long a write to standard output may take.
const PRINT_DEADLINE: Duration = Duration::from_secs(1);

/// Logs to `output` from now on. The log of the model client stays off, as it may quote users' text.
pub(crate) fn begin(levels: &str, output: &Output) {
    let in_colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let output = output.clone();
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(format!("{levels},async_openai=off")))
        .with_writer(move || output.clone())
        .log_internal_errors(false)
        .with_ansi(in_colour);
    // This fails when there is a subscriber already. That one then stays.
    let _ = log.try_init();
    panic::set_hook(Box::new(log_panic));
}

/// Logs a panic. Rust's own hook would write to standard error directly, and wait for its reader. A
/// message that was formatted at run time is not shown, as it may quote users' text.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not shown)");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        tracing::error!(place, %backtrace, "panicked: {message}");
    } else {
        tracing::error!(place, "panicked: {message}");
    }
}

/// Writes `text` to standard output, but waits for no longer than [`PRINT_DEADLINE`].
pub(crate) fn print(text: String) {
    let (done, written) = mpsc::channel();
    let printing = thread::Builder::new().name("stdout".to_owned()).spawn(move || {
        let mut stdout = io::stdout();
        let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
        let _ = done.send(());
    });
    if printing.is_ok() {
        let _ = written.recv_timeout(PRINT_DEADLINE);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use tracing::subscriber::with_default;

    use super::*;

    /// The log of what `act` does.
    fn logged(act: impl FnOnce()) -> String {
        let (output, read) = Output::to_memory();
        let writer = output.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        with_default(log, act);
        output.drain(Duration::from_secs(20));
        read()
    }

    #[test]
    fn a_panic_is_logged_without_what_it_may_quote() {
        let before = panic::take_hook();
        panic::set_hook(Box::new(log_panic));
        let log = logged(|| {
            let secret = "a text of someone's";
            assert!(catch_unwind(|| panic!("it broke")).is_err());
            assert!(catch_unwind(|| panic!("it broke at {secret}")).is_err());
        });
        panic::set_hook(before);
        let here = file!();
        assert_eq!(log.matches(here).count(), 2, "{log}");
        assert!(
            log.contains("panicked: it broke") && log.contains("panicked: (not shown)"),
            "{log}"
        );
        assert!(!log.contains("someone's"), "{log}");
    }
}
