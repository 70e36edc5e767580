//! What large responses may take in memory together, whether anybody reads them or not.
//!
//! A response that is all there is handed to its connection in pieces and keeps its permit until
//! the last of them; event streams are bounded by themselves (`dialects`), and the page's files are
//! shared by all.

mod measure;
mod pieces;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State as Shared},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use measure::json_bytes;
use pieces::Pieces;
use serde::Serialize;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    problem::{self, Refusal},
    state::State,
};

/// Responses up to so many bytes are not counted.
const SMALL_BYTES: usize = 64 * 1024;

/// What all others may take together. One that takes more has all of it for itself.
const ALL_BYTES: usize = 64 * 1024 * 1024;

/// How long a response may wait for room.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many may be read at once of which nobody knows yet how large they are,
const READS: usize = 4;

/// and how long others may wait for that.
const TURN: Duration = Duration::from_secs(10);

/// The memory of large responses. A cheap handle.
#[derive(Clone)]
pub(crate) struct ResponseBudget {
    bytes: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

/// What the response to one request has been granted so far: one of the request's extensions.
#[derive(Clone, Default)]
pub(crate) struct Grant(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl Default for ResponseBudget {
    fn default() -> Self {
        Self { bytes: Arc::new(Semaphore::new(ALL_BYTES)), reads: Arc::new(Semaphore::new(READS)) }
    }
}

impl ResponseBudget {
    /// Reads what a response is to be made of, as soon as there is room for both. What there is no
    /// room for is not kept while it waits, but read once more.
    pub(crate) async fn read<T, F>(&self, grant: &Grant, read: impl Fn() -> F) -> Result<T, Refusal>
    where
        T: Serialize,
        F: Future<Output = Result<T, Refusal>>,
    {
        let turn = self.turn().await?;
        let value = read().await?;
        let bytes = 2 * json_bytes(&value);
        if bytes <= 2 * SMALL_BYTES {
            return Ok(value);
        }
        if let Some(permit) = self.try_acquire(bytes) {
            grant.add(permit);
            return Ok(value);
        }
        drop((value, turn));
        grant.add(self.acquire(bytes).await?);
        read().await
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let turn = timeout(TURN, self.reads.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or_else(overloaded)
    }

    async fn acquire(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let permit = Arc::clone(&self.bytes).acquire_many_owned(permits(bytes));
        timeout(PATIENCE, permit).await.ok().and_then(Result::ok).ok_or_else(overloaded)
    }

    fn try_acquire(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.bytes).try_acquire_many_owned(permits(bytes)).ok()
    }

    /// Makes a permit one for just so many bytes. Nobody waits here: the response is there already.
    fn fit(
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

/// Lets a large response go only with a permit, which it keeps until it has been taken.
pub(crate) async fn within_budget(
    Shared(state): Shared<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let grant = Grant::default();
    request.extensions_mut().insert(grant.clone());
    let (mut head, mut body) = next.run(request).await.into_parts();
    if head.status == StatusCode::SERVICE_UNAVAILABLE {
        // The page's own calls say nothing of it.
        head.headers.entry(header::RETRY_AFTER).or_insert(problem::RETRY_AFTER);
    }
    if is_page(&head.headers) && body.size_hint().exact().is_none() {
        // It waits for nothing any more. Only as a whole can it be measured.
        let Ok(page) = body.collect().await else { return Refusal::panicked().into_response() };
        body = Body::from(page.to_bytes());
    }
    let granted = grant.take();
    let Some(bytes) = body.size_hint().exact() else { return Response::from_parts(head, body) };
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    if bytes <= SMALL_BYTES {
        return Response::from_parts(head, body);
    }
    match state.responses.fit(granted, bytes) {
        Some(permit) => Response::from_parts(head, Body::new(Pieces::of(body, permit))),
        None => overloaded().into_response(),
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
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
    async fn what_there_is_no_room_for_is_read_again_once_there_is() {
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
        // For the text and what is made of it.
        assert_eq!(grant.take().unwrap().num_permits(), 200_004);
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_for_little_waits_for_nobody_and_who_asks_for_much_not_for_ever() {
        let (budget, grant) = (budget(), Grant::default());
        let _all = budget.try_acquire(ALL_BYTES).unwrap();
        assert_eq!(budget.read(&grant, async || Ok(7)).await.unwrap(), 7);
        let refused = budget.read(&grant, async || Ok("x".repeat(100_000))).await.unwrap_err();
        assert_eq!(refused.into_response().status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn a_permit_is_made_to_fit() {
        let budget = budget();
        let free = || budget.bytes.available_permits();
        let permit = budget.fit(budget.try_acquire(1000), 600).unwrap();
        assert_eq!(ALL_BYTES - free(), 600);
        let permit = budget.fit(Some(permit), 700).unwrap();
        assert_eq!(ALL_BYTES - free(), 700);
        let permit = budget.fit(Some(permit), 2 * ALL_BYTES).unwrap();
        assert_eq!(free(), 0);
        assert!(budget.fit(None, 1).is_none());
        drop(permit);
        assert_eq!(free(), ALL_BYTES);
    }
}
