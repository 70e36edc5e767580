use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::watch,
};

use crate::within;

/// How much of a process's output is kept.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// What a process has written to standard output or standard error. Clones share it.
#[derive(Clone, Debug)]
pub struct Output {
    text: watch::Receiver<String>,
}

impl Output {
    /// Reads until `stream` ends.
    pub(crate) fn of(stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let (sender, text) = watch::channel(String::new());
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream);
            let mut line = Vec::new();
            while matches!(lines.read_until(b'\n', &mut line).await, Ok(1..)) {
                sender.send_modify(|text| {
                    if text.len() + line.len() <= KEPT_BYTES {
                        text.push_str(&String::from_utf8_lossy(&line));
                    }
                });
                line.clear();
            }
        });
        Self { text }
    }

    /// The output of a process that writes elsewhere.
    pub(crate) fn empty() -> Self {
        Self { text: watch::channel(String::new()).1 }
    }

    /// What was written so far.
    #[must_use]
    pub fn so_far(&self) -> String {
        self.text.borrow().clone()
    }

    /// Waits until `found` returns something for what was written so far. Returns `None` when the output
    /// ends first.
    ///
    /// # Panics
    /// When neither happens by the [`DEADLINE`](crate::DEADLINE).
    pub async fn find<T>(&mut self, mut found: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let finding = async {
            loop {
                let value = found(&self.text.borrow_and_update());
                if value.is_some() || self.text.changed().await.is_err() {
                    return value;
                }
            }
        };
        within("a line of the program", finding).await
    }

    /// Waits for the end of the output and returns all of it.
    ///
    /// # Panics
    /// When it does not end by the [`DEADLINE`](crate::DEADLINE).
    pub async fn whole(&mut self) -> String {
        let _ = self.find(|_| None::<()>).await;
        self.so_far()
    }
}
