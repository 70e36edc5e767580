use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;

use crate::Error;

/// How far the connection may run ahead of the reader, in bytes.
const WINDOW: usize = 256 * 1024;

/// What the two ends of one answer tell each other past async-openai, which joins them by a queue
/// without a bound and reduces errors to words.
///
/// Whenever the reader finds the queue empty it has caught up, and the connection may run ahead
/// again by a window.
#[derive(Debug, Default)]
pub(super) struct Flow {
    ahead: AtomicUsize,
    connection: AtomicWaker,
    reader: AtomicWaker,
    done: AtomicBool,
    fault: Mutex<Option<Error>>,
}

impl Flow {
    /// The connection hands on that many bytes.
    pub(super) fn hand_on(&self, bytes: usize) {
        self.ahead.fetch_add(bytes, Ordering::AcqRel);
    }

    /// The connection waits until the reader is less than a window behind.
    pub(super) fn poll_room(&self, context: &Context<'_>) -> Poll<()> {
        if self.ahead.load(Ordering::Acquire) < WINDOW {
            return Poll::Ready(());
        }
        self.connection.register(context.waker());
        if self.ahead.load(Ordering::Acquire) < WINDOW {
            return Poll::Ready(());
        }
        // What was handed on may have held nothing to read: comments, say.
        self.reader.wake();
        Poll::Pending
    }

    /// The reader found nothing to read.
    pub(super) fn catch_up(&self, context: &Context<'_>) {
        self.reader.register(context.waker());
        self.ahead.store(0, Ordering::Release);
        self.connection.wake();
    }

    /// The connection saw `[DONE]`, which async-openai keeps to itself.
    pub(super) fn set_done(&self) {
        self.done.store(true, Ordering::Release);
    }

    /// Whether the answer ended with `[DONE]`.
    pub(super) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// The connection failed.
    pub(super) fn fail(&self, error: Error) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Why the connection failed.
    pub(super) fn fault(&self) -> Option<Error> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
