use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::watch,
};

use crate::within;

/// How much of what a process says is kept.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// What a process says on one of its channels, as it comes. A cheap handle.
#[derive(Clone, Debug)]
pub struct Output {
    text: watch::Receiver<String>,
}

impl Output {
    /// Listens until the channel is closed.
    pub(crate) fn of(channel: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let (said, text) = watch::channel(String::new());
        tokio::spawn(async move {
            let mut lines = BufReader::new(channel);
            let mut line = Vec::new();
            while matches!(lines.read_until(b'\n', &mut line).await, Ok(1..)) {
                said.send_modify(|text| {
                    if text.len() + line.len() <= KEPT_BYTES {
                        text.push_str(&String::from_utf8_lossy(&line));
                    }
                });
                line.clear();
            }
        });
        Self { text }
    }

    /// A channel that nobody can hear.
    pub(crate) fn silent() -> Self {
        Self { text: watch::channel(String::new()).1 }
    }

    /// What has been said so far.
    #[must_use]
    pub fn so_far(&self) -> String {
        self.text.borrow().clone()
    }

    /// Waits until `found` gives something of what has been said; `None` when nothing more comes.
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

    /// All that is said until the channel is closed.
    ///
    /// # Panics
    /// When it is not closed by the [`DEADLINE`](crate::DEADLINE).
    pub async fn whole(&mut self) -> String {
        let _ = self.find(|_| None::<()>).await;
        self.so_far()
    }
}
