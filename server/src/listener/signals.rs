use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Resolves on Ctrl+C, SIGTERM or the end of the terminal (SIGHUP), also when the signal arrives
/// before the future is polled.
pub(crate) fn shutdown_requested() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = hang_up()?;
    Ok(async move {
        let hung_up = async {
            match &mut hung_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
            _ = hung_up => {}
        }
    })
}

/// Listens for SIGHUP, unless the program was started with it ignored, as `nohup` does. Listening
/// would undo that.
fn hang_up() -> io::Result<Option<Signal>> {
    if is_ignored(SignalKind::hangup()) {
        return Ok(None);
    }
    signal(SignalKind::hangup()).map(Some)
}

/// Whether the process ignores a signal. Only on Linux can this be found out without `unsafe`;
/// elsewhere the answer is yes, so that the signal is left as it is.
fn is_ignored(kind: SignalKind) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
}
