use llm::{Finish, Scripted, Step, Tokens};
use protocol::{Event, FailureCode, Status, Usage};
use serde_json::{Value, json};

use crate::bench::{Bench, Ended, fold, within};

/// A generation whose model writes this, in pieces of so many characters.
async fn written(answer: &str, piece_chars: usize) -> Ended {
    Bench::with(Scripted::text(answer, piece_chars)).await.run().await
}

fn document(ended: &Ended) -> Value {
    assert_eq!(ended.snapshot.status, Status::Completed, "{:?}", ended.last());
    let document = fold(&ended.log);
    assert_eq!(document, ended.snapshot.document);
    document.root().clone()
}

const ANSWER: &str = r#"{"title": "Rain", "summary": "It \u2014 rained.\n新 \ud83d\ude00"}"#;

#[tokio::test]
async fn a_completed_document_is_what_the_model_wrote() {
    let expected: Value = serde_json::from_str(ANSWER).unwrap();
    for piece_chars in [1, 2, 7, 1000] {
        let ended = written(ANSWER, piece_chars).await;
        assert_eq!(document(&ended), expected);
        assert_eq!(ended.snapshot.completed, ["/title", "/summary"]);
    }
}

#[tokio::test]
async fn an_answer_that_is_all_there_is_taken_in_turns_to_its_end() {
    let answer = json!({"title": "Rain", "summary": "It rained. ".repeat(500)});
    assert_eq!(document(&written(&answer.to_string(), 1).await), answer);
}

#[tokio::test]
async fn what_models_write_around_a_document_is_left_out() {
    let around = [
        format!("```json\n{ANSWER}\n```"),
        format!("Here is the summary you asked for:\n\n{ANSWER}\n\nI hope that it helps!"),
        format!("\n\n  {ANSWER}  \n"),
    ];
    let expected: Value = serde_json::from_str(ANSWER).unwrap();
    for answer in around {
        for piece_chars in [1, 5] {
            assert_eq!(document(&written(&answer, piece_chars).await), expected, "{answer}");
        }
    }
}

#[tokio::test]
async fn thoughts_are_told_apart_from_the_document() {
    let ended = written(&format!("<think>The rain, then.</think>{ANSWER}"), 3).await;
    assert_eq!(document(&ended)["title"], "Rain");
    assert_eq!(ended.reasoning(), "The rain, then.");
    assert_eq!(ended.snapshot.reasoning, "The rain, then.");

    let steps = [
        Step::Reasoning("The rain,".into()),
        Step::Reasoning(" then.".into()),
        Step::Text(ANSWER.into()),
        Step::Finish(Finish::Stop),
    ];
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    assert_eq!(document(&ended)["title"], "Rain");
    assert_eq!(ended.reasoning(), "The rain, then.");
}

/// Most of it has moved from the journal to the database, and out of memory, when it ends.
#[tokio::test]
async fn long_thoughts_are_remembered_whole() {
    let (bench, pen) = Bench::live().await;
    let id = bench.start().await;
    let thoughts: Vec<_> = (0..2_000).map(|at| format!("{at:8000}")).collect();
    for thought in &thoughts {
        assert!(within(pen.play(Step::Reasoning(thought.clone()))).await);
    }
    assert!(within(pen.write(ANSWER)).await);
    assert!(within(pen.finish()).await);
    let ended = bench.end(&id).await;
    assert_eq!(document(&ended)["title"], "Rain");
    assert!(ended.reasoning() == thoughts.concat(), "the log has lost some");
    assert!(ended.snapshot.reasoning == thoughts.concat(), "the snapshot has lost some");
}

#[tokio::test]
async fn thinking_has_an_end() {
    let thought = "on and on ".repeat(100_000);
    let steps = std::iter::repeat_n(Step::Reasoning(thought.clone()), 40);
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    assert_eq!(ended.failure().code, FailureCode::InvalidOutput);
    assert!(ended.reasoning().len() < 20_000_000, "{}", ended.reasoning().len());
}

#[tokio::test]
async fn the_first_of_two_fields_of_one_name_stands() {
    let ended = written(r#"{"title":"A","summary":"B","title":"C"}"#, 4).await;
    assert_eq!(document(&ended), json!({"title": "A", "summary": "B"}));
}

#[tokio::test]
async fn other_fields_are_kept() {
    let answer = r#"{"title":"A","tags":["x",{"n":1.5}],"ok":true,"none":null,"summary":"B"}"#;
    let expected: Value = serde_json::from_str(answer).unwrap();
    assert_eq!(document(&written(answer, 1).await), expected);
}

/// As every client reads them: doubles, to the last digit.
#[tokio::test]
async fn numbers_stay_what_they_were() {
    let far_apart = (1..500u64).map(|n| f64::from_bits(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let mut doubles: Vec<f64> = far_apart.filter(|double| double.is_finite()).collect();
    doubles.extend([-0.0, 1.0, f64::MIN_POSITIVE, f64::MAX, 9_007_199_254_740_993.0]);
    let numbers = serde_json::to_string(&doubles).unwrap();
    let answer = format!(r#"{{"title":"A","summary":"B","numbers":{numbers}}}"#);
    let document = document(&written(&answer, 7).await);
    let found = document["numbers"].as_array().unwrap().iter();
    let found: Vec<_> = found.map(|number| number.as_f64().unwrap().to_bits()).collect();
    assert_eq!(found, doubles.iter().map(|double| double.to_bits()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_number_that_nobody_could_read_is_no_answer() {
    let ended = written(r#"{"title":"A","summary":"B","number":1e400}"#, 7).await;
    assert_eq!(ended.failure().code, FailureCode::InvalidOutput);
    assert!(ended.failure().message.contains("number"), "{:?}", ended.failure());
}

#[tokio::test]
async fn a_document_has_only_so_many_fields() {
    let many = ["{\"title\":\"A\",\"numbers\":[", &"0,".repeat(20_000), "0]}"].concat();
    let ended = written(&many, 1000).await;
    let failure = ended.failure();
    assert_eq!(failure.code, FailureCode::InvalidOutput);
    assert!(failure.message.contains("more than 10000 fields"), "{}", failure.message);
    assert_eq!(ended.snapshot.text("title"), "A");
    assert!(ended.log.len() < 11_000, "{} events", ended.log.len());
}

#[tokio::test]
async fn an_answer_that_is_no_document_is_kept_and_shown_as_such() {
    for answer in ["I cannot do that.", "[1, 2]", "{title: 'A'}", ""] {
        let ended = written(answer, 4).await;
        let failure = ended.failure();
        assert_eq!(failure.code, FailureCode::InvalidOutput, "{answer:?}");
        assert!(answer.starts_with(failure.output.as_deref().unwrap_or_default()), "{failure:?}");
        assert_eq!(failure.output.is_some(), !answer.is_empty(), "{failure:?}");
    }
}

#[tokio::test]
async fn a_document_without_its_fields_is_none() {
    for answer in [r#"{"title": "A"}"#, r#"{"title": "A", "summary": 3}"#, "{}"] {
        let ended = written(answer, 100).await;
        assert_eq!(ended.failure().code, FailureCode::InvalidOutput, "{answer}");
        assert_eq!(ended.failure().output.as_deref(), Some(answer));
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_short_is_called_that() {
    let steps = [
        Step::Text(r#"{"title": "Rain", "summary": "It rai"#.into()),
        Step::Finish(Finish::Length),
    ];
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    assert_eq!(ended.failure().code, FailureCode::TruncatedOutput);
    assert_eq!(ended.snapshot.text("summary"), "It rai");
    assert_eq!(ended.snapshot.completed, ["/title"]);
}

#[tokio::test]
async fn the_end_tells_why_and_how_much() {
    let steps = [
        Step::Text(ANSWER.into()),
        Step::Finish(Finish::Other("eos".into())),
        Step::Usage(Tokens { input: 12, output: 7, ..Tokens::default() }),
    ];
    let ended = Bench::with(Scripted::new(steps)).await.run().await;
    let Event::Completed(completed) = ended.last() else { panic!("{:?}", ended.last()) };
    assert_eq!(completed.finish_reason, "eos");
    assert_eq!(
        completed.usage,
        Some(Usage { input_tokens: 12, output_tokens: 7, ..Usage::default() })
    );
    assert_eq!(completed.coverage.read_chars, completed.coverage.total_chars);
    let timings = completed.timings;
    assert!(timings.first_token_ms.unwrap() <= timings.first_text_ms.unwrap());
    assert!(timings.first_text_ms.unwrap() <= timings.total_ms);
    assert!(timings.queue_ms.is_some());
    assert_eq!(ended.snapshot.usage, completed.usage);
}
