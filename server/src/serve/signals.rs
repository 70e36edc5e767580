use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ctrl+C, SIGTERM or the end of the terminal (SIGHUP): heard from this call on, not only once it
/// is waited for.
pub(crate) fn told_to_end() -> io::Result<impl Future<Output = ()>> {
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

/// SIGHUP, unless whoever started the program had it ignored, as `nohup` does: to listen for it
/// would undo that.
fn hang_up() -> io::Result<Option<Signal>> {
    if is_ignored(SignalKind::hangup()) {
        return Ok(None);
    }
    signal(SignalKind::hangup()).map(Some)
}

/// Whether the process ignores a signal. Only Linux tells without code that is not safe; elsewhere
/// a signal of which that is not known is left as it is.
fn is_ignored(kind: SignalKind) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
}
