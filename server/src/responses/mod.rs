//! Limits the memory of large responses, including those whose clients do not read them.
//!
//! A large response of known length has a permit for its memory. It is handed to its connection in
//! pieces, and returns the permit after the last one. Event streams need no permit, as they bound
//! their own memory (`dialects`); nor do the page's files, which all connections share.

mod measure;
mod pieces;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use measure::json_bytes;
use pieces::Pieces;
use serde::Serialize;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    compression::Compression,
    encoding::Encoding,
    problem::{self, Refusal},
};

/// Responses up to this size need no permit.
const SMALL_BYTES: usize = 64 * 1024;

/// The bytes that all larger responses share. A response that is larger than this needs a permit for
/// all of them.
const ALL_BYTES: usize = 64 * 1024 * 1024;

/// How long a response waits for its permit.
const PERMIT_DEADLINE: Duration = Duration::from_secs(2);

/// How many responses are read from the store at once. These have no permits, as their sizes are known
/// only after they are read.
const READS: usize = 4;

/// How long a response waits for its turn to be read.
const READ_DEADLINE: Duration = Duration::from_secs(10);

/// The memory that large responses share. Clones share one budget.
#[derive(Clone)]
pub(crate) struct ResponseBudget {
    bytes: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

/// The permit that a response has got so far. It is kept in the request's extensions, so that the
/// handler can add to it.
#[derive(Clone, Default)]
pub(crate) struct Grant(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl Default for ResponseBudget {
    fn default() -> Self {
        Self { bytes: Arc::new(Semaphore::new(ALL_BYTES)), reads: Arc::new(Semaphore::new(READS)) }
    }
}

impl ResponseBudget {
    /// Reads the value that a response is made from, and gets a permit for the value and for its JSON.
    /// A value that must wait for its permit is dropped and read again afterwards, so that waiting
    /// responses take no memory.
    pub(crate) async fn read<T, F>(&self, grant: &Grant, read: impl Fn() -> F) -> Result<T, Refusal>
    where
        T: Serialize,
        F: Future<Output = Result<T, Refusal>>,
    {
        let read_permit = self.acquire_read().await?;
        let value = read().await?;
        let bytes = 2 * json_bytes(&value);
        if bytes <= 2 * SMALL_BYTES {
            return Ok(value);
        }
        if let Some(permit) = self.try_acquire(bytes) {
            grant.add(permit);
            return Ok(value);
        }
        drop((value, read_permit));
        grant.add(self.acquire(bytes).await?);
        read().await
    }

    async fn acquire_read(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let permit = timeout(READ_DEADLINE, self.reads.acquire()).await;
        permit.ok().and_then(Result::ok).ok_or_else(overloaded)
    }

    async fn acquire(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let permit = Arc::clone(&self.bytes).acquire_many_owned(permits(bytes));
        timeout(PERMIT_DEADLINE, permit).await.ok().and_then(Result::ok).ok_or_else(overloaded)
    }

    fn try_acquire(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.bytes).try_acquire_many_owned(permits(bytes)).ok()
    }

    /// Changes a permit to `bytes`, or returns `None` when there are not enough. It does not wait: the
    /// response is in memory already, and would stay there meanwhile.
    fn resize(
        &self,
        permit: Option<OwnedSemaphorePermit>,
        bytes: usize,
    ) -> Option<OwnedSemaphorePermit> {
        let needed = permits(bytes) as usize;
        let Some(mut permit) = permit else { return self.try_acquire(needed) };
        match needed.checked_sub(permit.num_permits()) {
            Some(0) => {}
            Some(missing) => permit.merge(self.try_acquire(missing)?),
            None => drop(permit.split(permit.num_permits() - needed)),
        }
        Some(permit)
    }
}

impl Grant {
    fn add(&self, permit: OwnedSemaphorePermit) {
        let mut granted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *granted {
            Some(granted) => granted.merge(permit),
            None => *granted = Some(permit),
        }
    }

    fn take(&self) -> Option<OwnedSemaphorePermit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Attaches a permit to each large response, or answers 503 when there is none.
pub(crate) async fn within_budget(
    State((budget, compression)): State<(ResponseBudget, Compression)>,
    mut request: Request,
    next: Next,
) -> Response {
    let grant = Grant::default();
    request.extensions_mut().insert(grant.clone());
    let encoding = Encoding::preferred(request.headers());
    let response = next.run(request).await;
    // The length of a page is known only once it is collected.
    let response = compression.of_page(encoding, response).await;
    let (mut head, body) = response.into_parts();
    if head.status == StatusCode::SERVICE_UNAVAILABLE {
        // The page's server functions do not set this header.
        head.headers.entry(header::RETRY_AFTER).or_insert(problem::RETRY_AFTER);
    }
    let granted = grant.take();
    let Some(bytes) = body.size_hint().exact() else { return Response::from_parts(head, body) };
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    if bytes <= SMALL_BYTES {
        return Response::from_parts(head, body);
    }
    match budget.resize(granted, bytes) {
        Some(permit) => Response::from_parts(head, Body::new(Pieces::of(body, permit))),
        None => overloaded().into_response(),
    }
}

fn permits(bytes: usize) -> u32 {
    u32::try_from(bytes.min(ALL_BYTES)).unwrap_or(u32::MAX)
}

fn overloaded() -> Refusal {
    Refusal::overloaded("Too many long answers are on their way at once. Try again in a moment.")
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::poll;
    use http::StatusCode;

    use super::*;

    fn budget() -> ResponseBudget {
        ResponseBudget::default()
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_without_a_permit_is_read_again_once_it_has_one() {
        let (budget, grant, reads) = (budget(), Grant::default(), Cell::new(0));
        let all = budget.try_acquire(ALL_BYTES).unwrap();
        let read = async || {
            reads.set(reads.get() + 1);
            Ok("x".repeat(100_000))
        };
        let mut text = std::pin::pin!(budget.read(&grant, read));
        assert!(poll!(text.as_mut()).is_pending());
        assert_eq!(reads.get(), 1);
        drop(all);
        assert_eq!(text.await.unwrap().len(), 100_000);
        assert_eq!(reads.get(), 2);
        // The permit covers the text and its JSON.
        assert_eq!(grant.take().unwrap().num_permits(), 200_004);
    }

    #[tokio::test(start_paused = true)]
    async fn a_small_response_needs_no_permit_and_a_large_one_is_refused_without_one() {
        let (budget, grant) = (budget(), Grant::default());
        let _all = budget.try_acquire(ALL_BYTES).unwrap();
        assert_eq!(budget.read(&grant, async || Ok(7)).await.unwrap(), 7);
        let refused = budget.read(&grant, async || Ok("x".repeat(100_000))).await.unwrap_err();
        assert_eq!(refused.into_response().status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn a_permit_can_grow_and_shrink() {
        let budget = budget();
        let free = || budget.bytes.available_permits();
        let permit = budget.resize(budget.try_acquire(1000), 600).unwrap();
        assert_eq!(ALL_BYTES - free(), 600);
        let permit = budget.resize(Some(permit), 700).unwrap();
        assert_eq!(ALL_BYTES - free(), 700);
        let permit = budget.resize(Some(permit), 2 * ALL_BYTES).unwrap();
        assert_eq!(free(), 0);
        assert!(budget.resize(None, 1).is_none());
        drop(permit);
        assert_eq!(free(), ALL_BYTES);
    }
}
