//! The scripted provider keeps to its script, and shows what was done to it.

use std::time::Duration;

use futures::StreamExt;
use llm::{
    Budget, Delta, ErrorKind, Finish, Message, Provider, Request, Role, Scripted, Step, Tokens,
};
use tokio::time::Instant;

fn request(input: &str) -> Request {
    let message = Message { role: Role::User, content: input.to_owned() };
    Request { budget: Budget::Short, ..Request::text(vec![message], None) }
}

fn text(text: &str) -> Delta {
    Delta::Text(text.to_owned())
}

async fn played(provider: &Scripted) -> Vec<Result<Delta, ErrorKind>> {
    let answer = provider.answer(request("x"));
    answer.map(|delta| delta.map_err(|error| error.kind)).collect().await
}

#[tokio::test]
async fn a_text_comes_in_pieces_that_split_no_character() {
    let provider = Scripted::text("大堤ab🌊", 2);
    let expected =
        [Ok(text("大堤")), Ok(text("ab")), Ok(text("🌊")), Ok(Delta::Finish(Finish::Stop))];
    assert_eq!(played(&provider).await, expected);
    assert_eq!(played(&provider).await, expected, "each request hears it all");
}

#[tokio::test]
async fn every_step_is_played_until_one_fails() {
    let provider = Scripted::new([
        Step::Reasoning("hm".to_owned()),
        Step::Text(String::new()),
        Step::Usage(Tokens { input: 1, output: 2, ..Tokens::default() }),
        Step::Fail(ErrorKind::RateLimited),
        Step::Text("never".to_owned()),
    ]);
    let expected = [
        Ok(Delta::Reasoning("hm".to_owned())),
        Ok(Delta::Usage(Tokens { input: 1, output: 2, ..Tokens::default() })),
        Err(ErrorKind::RateLimited),
    ];
    assert_eq!(played(&provider).await, expected);
}

#[tokio::test]
async fn a_script_without_a_finish_breaks_off() {
    let provider = Scripted::new([Step::Text("a".to_owned())]);
    assert_eq!(played(&provider).await, [Ok(text("a")), Err(ErrorKind::Broken)]);
}

#[tokio::test(start_paused = true)]
async fn a_paced_script_waits_before_each_piece() {
    let start = Instant::now();
    let provider = Scripted::text("abc", 1).paced(Duration::from_secs(2));
    let mut answer = provider.answer(request("x"));
    for seconds in [2, 4, 6] {
        answer.next().await;
        assert_eq!(start.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hanging_script_hangs() {
    let provider = Scripted::new([Step::Hang]);
    let mut answer = provider.answer(request("x"));
    assert!(tokio::time::timeout(Duration::from_secs(3600), answer.next()).await.is_err());
}

#[tokio::test]
async fn requests_are_remembered_once_someone_listens() {
    let provider = Scripted::deltas(["a"]).named("other", "tiny");
    assert_eq!((provider.name(), provider.model()), ("other", "tiny"));
    let mut answer = provider.answer(request("one"));
    assert!(provider.requests().is_empty());
    answer.next().await;
    assert_eq!(provider.requests(), [request("one")]);
}

#[tokio::test]
async fn a_pen_writes_by_hand_and_sees_the_reader_leave() {
    let (provider, pen) = Scripted::live();
    let mut answer = provider.answer(request("x"));
    assert!(pen.write("a").await);
    assert_eq!(answer.next().await.unwrap().unwrap(), text("a"));
    assert!(pen.write("b").await);
    assert_eq!(answer.next().await.unwrap().unwrap(), text("b"));
    let mut second = provider.answer(request("y"));
    assert_eq!(second.next().await.unwrap().unwrap_err().kind, ErrorKind::Rejected);
    drop(answer);
    pen.dropped().await;
    assert!(!pen.write("c").await);
}

#[tokio::test]
async fn a_pen_finishes_fails_or_is_dropped() {
    let (provider, pen) = Scripted::live();
    pen.finish().await;
    assert_eq!(played(&provider).await, [Ok(Delta::Finish(Finish::Stop))]);
    let (provider, pen) = Scripted::live();
    pen.fail(ErrorKind::Silent).await;
    assert_eq!(played(&provider).await, [Err(ErrorKind::Silent)]);
    let (provider, pen) = Scripted::live();
    drop(pen);
    assert_eq!(played(&provider).await, [Err(ErrorKind::Broken)]);
}
