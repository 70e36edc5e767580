//! What a model writes beside its answer that looks like the answer.

use llm::{Finish, Scripted, Step};
use protocol::{FailureCode, Status};

use crate::bench::{Bench, Ended, within};

const DRAFT: &str = r#"{"title": "Draft", "summary": "A draft."}"#;
const FINAL: &str = r#"{"title": "Final", "summary": "The answer."}"#;
const THINKING: &str = "Let me see what the user wants. The text is about rain, and I am to write a \
                        title and a summary of it as one JSON object. I should be brief, keep to \
                        what the text says, and write in the language of the text. A first try, \
                        which is not yet good enough: ";

async fn written(answer: &str, piece_chars: usize) -> Ended {
    Bench::with(Scripted::text(answer, piece_chars)).await.run().await
}

#[tokio::test]
async fn a_draft_that_was_shown_is_an_honest_failure() {
    for between in ["\n</think>\n", " is good.</thinking>", "[/THINK]", "assistantfinal"] {
        for piece_chars in [1, 6, 1000] {
            let ended = written(&format!("{DRAFT}{between}{FINAL}"), piece_chars).await;
            assert_eq!(ended.failure().code, FailureCode::InvalidOutput, "{between}");
            assert!(ended.failure().message.contains("draft"), "{}", ended.failure().message);
        }
    }
}

#[tokio::test]
async fn a_draft_in_long_thoughts_is_passed_over() {
    for piece_chars in [1, 6, 1000] {
        let answer = format!("{THINKING}{DRAFT} Better now.\n</think>\n{FINAL}");
        let ended = written(&answer, piece_chars).await;
        assert_eq!(ended.snapshot.status, Status::Completed, "{:?}", ended.last());
        assert_eq!(ended.snapshot.text("title"), "Final");
    }
}

#[tokio::test]
async fn a_document_behind_long_prose_is_shown_once_that_is_certain() {
    for behind in ["", "\n```\nI hope that it helps."] {
        let ended = written(&format!("{THINKING}{FINAL}{behind}"), 7).await;
        assert_eq!(ended.snapshot.status, Status::Completed, "{:?}", ended.last());
        assert_eq!(ended.snapshot.text("summary"), "The answer.");
    }
    let steps =
        [Step::Text(format!("{THINKING}{}", &FINAL[..30])), Step::Fail(llm::ErrorKind::Broken)];
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    assert_eq!(ended.failure().code, FailureCode::ProviderError);
    assert_eq!(ended.snapshot.text("title"), "Final", "what had arrived is kept");
}

#[tokio::test]
async fn thoughts_that_are_cut_off_behind_a_draft_are_no_answer() {
    let steps = [
        Step::Text(DRAFT.to_owned()),
        Step::Text("\nHm, that is not yet good".to_owned()),
        Step::Finish(Finish::Length),
    ];
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    assert_eq!(ended.failure().code, FailureCode::TruncatedOutput);
}

/// However long it takes: what follows may be the end of the thoughts.
#[tokio::test]
async fn a_model_that_writes_on_is_heard_out() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    assert!(within(pen.write(DRAFT)).await);
    for _ in 0..20 {
        assert!(within(pen.write(" and")).await);
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_secs(3)).await;
        tokio::time::resume();
    }
    assert!(within(pen.write("</think>")).await);
    let ended = bench.end(&id).await;
    assert_eq!(ended.failure().code, FailureCode::InvalidOutput);
}

#[tokio::test]
async fn a_model_that_never_stops_behind_the_document_is_ended() {
    let ramble = (0..10_000).map(|at| Step::Text(format!(" {at} sheep")));
    let steps = std::iter::once(Step::Text(FINAL.to_owned())).chain(ramble);
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    assert_eq!(ended.failure().code, FailureCode::InvalidOutput);
    assert_eq!(ended.snapshot.text("title"), "Final");
}

#[tokio::test]
async fn a_document_that_comes_as_thoughts_is_read() {
    let thoughts = |thoughts: &str| {
        let pieces: Vec<char> = thoughts.chars().collect();
        let pieces = pieces.chunks(5).map(|piece| Step::Reasoning(piece.iter().collect()));
        Scripted::new(pieces.chain([Step::Text("\n".to_owned()), Step::Finish(Finish::Stop)]))
    };
    for answer in [FINAL.to_owned(), format!("\n```json\n{FINAL}\n```\n")] {
        let ended = Bench::with(thoughts(&answer)).await.run().await;
        assert_eq!(ended.snapshot.status, Status::Completed, "{:?}", ended.last());
        assert_eq!(ended.snapshot.text("title"), "Final");
    }
    for answer in [format!("{DRAFT} is not good"), format!("Maybe {DRAFT}"), "{".to_owned()] {
        let ended = Bench::with(thoughts(&answer)).await.run().await;
        assert_eq!(ended.failure().code, FailureCode::InvalidOutput, "{answer}");
        assert_eq!(ended.snapshot.text("title"), "");
    }
}

#[tokio::test]
async fn a_loop_is_ended_soon_and_what_was_good_is_kept() {
    let phrase = ["and ", "so ", "it ", "goes ", "on, "];
    for (begin, pieces) in [
        (r#"{"title": "Rain", "summary": "It rained "#, &phrase[..]),
        (r#"{"title": "Rain", "summary": "It rained "#, &["\\n"]),
        (r#"{"title": "Rain","#, &["\n", "  ", "\t"]),
    ] {
        let endless = pieces.iter().cycle().take(110_000).map(|piece| Step::Text((*piece).into()));
        let steps = std::iter::once(Step::Text(begin.to_owned())).chain(endless);
        let ended = Bench::with(Scripted::new(steps)).await.run().await;
        assert_eq!(ended.failure().code, FailureCode::TruncatedOutput, "{pieces:?}");
        assert_eq!(ended.snapshot.text("title"), "Rain");
        assert!(ended.snapshot.text("summary").len() < 12_000, "{pieces:?}");
    }
}
