use rusqlite::Connection;
use tokio::sync::oneshot;

use super::error::SqlError;
use crate::Error;

/// Something that the writer is asked to do.
pub(crate) trait Job: Send {
    /// Does it inside a transaction. It may be called again after that was rolled back.
    fn run(&mut self, connection: &Connection) -> Result<(), SqlError>;

    /// Tells whoever waits what came of it.
    fn answer(self: Box<Self>, committed: Result<(), Error>);

    /// Whether nobody waits any more.
    fn is_abandoned(&self) -> bool;
}

/// A [`Job`] made of a closure and the one who waits for its value.
pub(crate) struct Task<W, T> {
    work: W,
    value: Option<T>,
    waiter: oneshot::Sender<Result<T, Error>>,
}

impl<W, T> Task<W, T> {
    /// The job and where its answer arrives.
    pub(crate) fn new(work: W) -> (Self, oneshot::Receiver<Result<T, Error>>) {
        let (waiter, answer) = oneshot::channel();
        (Self { work, value: None, waiter }, answer)
    }
}

impl<W, T> Job for Task<W, T>
where
    W: FnMut(&Connection) -> Result<T, SqlError> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), SqlError> {
        self.value = Some((self.work)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let Self { value, waiter, .. } = *self;
        let answer = committed.and_then(|()| value.ok_or(Error::Closed));
        // Whoever waited may have gone meanwhile.
        let _ = waiter.send(answer);
    }

    fn is_abandoned(&self) -> bool {
        self.waiter.is_closed()
    }
}
