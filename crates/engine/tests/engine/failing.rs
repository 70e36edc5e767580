use futures::{StreamExt, stream};
use llm::{Answer, Delta, ErrorKind, Provider, Request, Scripted, Step};
use protocol::{FailureCode, Status};

use crate::bench::{Bench, fold};

/// Writes a little and then panics.
struct Panicking;

impl Provider for Panicking {
    fn name(&self) -> &str {
        "panicking"
    }

    fn model(&self) -> &str {
        "none"
    }

    fn answer(&self, _: Request) -> Answer {
        let text = stream::iter([Ok(Delta::Text("{\"title\": \"A".into()))]);
        // One delta goes out before the next is asked for.
        let pause = stream::once(async {
            tokio::task::yield_now().await;
            panic!("as the test says")
        });
        text.chain(pause).boxed()
    }
}

#[tokio::test]
async fn a_panic_fails_the_generation_alone() {
    let bench = Bench::with(Panicking).await;
    for _ in 0..2 {
        let ended = bench.run().await;
        assert_eq!(ended.failure().code, FailureCode::Internal);
        assert!(!ended.failure().message.contains("as the test says"));
        assert_eq!(ended.snapshot.text("title"), "A");
    }
}

#[tokio::test]
async fn what_goes_wrong_with_a_provider_has_a_code_and_a_sentence() {
    let cases = [
        (ErrorKind::Unreachable, FailureCode::ProviderUnreachable, true),
        (ErrorKind::Unauthorised, FailureCode::ProviderRejected, false),
        (ErrorKind::UnknownModel, FailureCode::ProviderRejected, false),
        (ErrorKind::Rejected, FailureCode::ProviderRejected, false),
        (ErrorKind::RateLimited, FailureCode::RateLimited, true),
        (ErrorKind::TooLong, FailureCode::InputTooLong, false),
        (ErrorKind::Broken, FailureCode::ProviderError, true),
        (ErrorKind::Silent, FailureCode::Timeout, true),
    ];
    for (kind, code, retryable) in cases {
        let bench =
            Bench::with(Scripted::new([Step::Text("{\"title\": \"Kept".into()), Step::Fail(kind)]));
        let ended = bench.await.run().await;
        let failure = ended.failure();
        assert_eq!((failure.code, failure.retryable), (code, retryable), "{kind:?}");
        assert!(failure.message.ends_with('.') && failure.message.len() > 20, "{failure:?}");
        assert_eq!(fold(&ended.log).text("title"), Some("Kept"), "{kind:?}");
        assert_eq!(ended.snapshot.status, Status::Failed);
        assert_eq!(ended.snapshot.error.as_ref(), Some(failure));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_when_it_is_whole_is_whole() {
    let whole = Step::Text(r#"{"title":"A","summary":"B"}"#.into());
    let bench = Bench::with(Scripted::new([whole, Step::Fail(ErrorKind::Broken)])).await;
    assert_eq!(bench.run().await.snapshot.status, Status::Completed);
}
