use llm::{ErrorKind, Finish, Tokens};
use serde_json::Value;

use crate::upstream::{DONE, Play, STOP, Upstream, events, status, text};
use crate::{ReadAnswer, provider, read};

const RECORDINGS: [&str; 6] = [
    "qwen-en-schema",
    "qwen-zh-schema",
    "qwen-en-fenced",
    "qwen-zh-truncated",
    "smollm-en-schema",
    "smollm-en-prose",
];

pub(crate) fn recording(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");
    std::fs::read(format!("{folder}/{name}.http")).unwrap()
}

fn assert_as_recorded(name: &str, answer: &ReadAnswer) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");
    let expected = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    assert!(answer.error.is_none(), "{name}: {:?}", answer.error);
    assert_eq!(answer.text, expected["text"], "{name}");
    assert_eq!(answer.finish.as_ref().map(Finish::as_str), expected["finish"].as_str(), "{name}");
    let usage = answer.usage.unwrap();
    assert_eq!(usage.input, expected["input_tokens"], "{name}");
    assert_eq!(usage.output, expected["output_tokens"], "{name}");
}

async fn read_of(answer: impl Into<Vec<u8>>) -> ReadAnswer {
    let upstream = Upstream::sending([answer]).await;
    read(&provider(&upstream.base_url)).await
}

#[tokio::test]
async fn recordings_are_read_at_once() {
    for name in RECORDINGS {
        let answer = read_of(recording(name)).await;
        assert_as_recorded(name, &answer);
        assert!(answer.deltas > 30, "{name} in {} deltas", answer.deltas);
    }
}

#[tokio::test]
async fn recordings_are_read_cut_anywhere() {
    for name in RECORDINGS {
        let cut = Play::Send(recording(name), vec![1, 7, 89, 2, 331, 64, 3]);
        let upstream = Upstream::playing(vec![vec![cut]]).await;
        assert_as_recorded(name, &read(&provider(&upstream.base_url)).await);
    }
    let bytes = Play::Send(recording("qwen-zh-truncated"), vec![1]);
    let upstream = Upstream::playing(vec![vec![bytes]]).await;
    assert_as_recorded("qwen-zh-truncated", &read(&provider(&upstream.base_url)).await);
}

#[tokio::test]
async fn a_killed_server_breaks_the_answer_off_and_what_came_stays() {
    let whole = recording("qwen-en-schema");
    let answer = read_of(&whole[..whole.len() / 2]).await;
    assert_eq!(answer.error_kind(), Some(ErrorKind::Broken));
    assert!(answer.text.starts_with("{\n  \"title\": \"Zuiderzee"));
    assert_eq!(answer.finish, None);

    let answer = read_of(events(&text("half"))).await;
    assert_eq!((answer.text.as_str(), answer.error_kind()), ("half", Some(ErrorKind::Broken)));
}

#[tokio::test]
async fn an_answer_is_whole_by_its_finish_or_by_done() {
    for end in [STOP, DONE, "data:[DONE]"] {
        let answer = read_of(events(&(text("a") + end))).await;
        assert!(answer.error.is_none(), "{end:?}: {:?}", answer.error);
        assert_eq!(answer.finish, Some(Finish::Stop));
    }
}

#[tokio::test]
async fn every_way_to_end_a_line_and_a_byte_order_mark_are_borne() {
    let body = text("one ") + ": a comment\n\n\n" + &text("two") + STOP + DONE;
    for end in ["\n", "\r\n", "\r"] {
        let body = "\u{FEFF}".to_owned() + &body.replace('\n', end);
        let pieces = Play::Send(events(&body).into_bytes(), vec![1]);
        let upstream = Upstream::playing(vec![vec![pieces]]).await;
        let answer = read(&provider(&upstream.base_url)).await;
        assert!(answer.error.is_none(), "{end:?}: {:?}", answer.error);
        assert_eq!((answer.text.as_str(), answer.finish), ("one two", Some(Finish::Stop)));
    }
}

#[tokio::test]
async fn odd_chunks_are_read_leniently() {
    let body = r#"data: {"choices":[{"delta":{"role":"assistant","content":null}}],"usage":null}

data: {"choices":[{"delta":{"reasoning_content":"hm, "},"finish_reason":null}],"error":null}

data: {"choices":[{"delta":{"reasoning":"well","content":""},"finish_reason":""}]}

data: {"choices":[{"delta":{"content":17,"tool_calls":"none"}}],"id":5}

data: {"choices":[{"delta":{"content":"yes"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}

data: {"choices":"none"}

data: []

data: {"choices":[{"delta":{"content":"!"},"finish_reason":"eos"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":1}}}

data: {"choices":[{"delta":null}]}

data: [DONE]

"#;
    let answer = read_of(events(body)).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!((answer.text.as_str(), answer.reasoning.as_str()), ("yes!", "hm, well"));
    assert_eq!(answer.finish, Some(Finish::Other("eos".to_owned())));
    let tokens = Tokens { input: 3, output: 2, cached: Some(1), reasoning: Some(1) };
    assert_eq!(answer.usage, Some(tokens));
}

#[tokio::test]
async fn an_error_within_an_answer_is_one() {
    let error = r#"data: {"error":{"code":500,"message":"boom","type":"server_error"}}"#;
    let answer = read_of(events(&format!("{}{error}\n\n{STOP}{DONE}", text("so")))).await;
    assert_eq!((answer.text.as_str(), answer.error_kind()), ("so", Some(ErrorKind::Broken)));

    let long = r#"data: {"error":{"message":"x","code":"context_length_exceeded"}}"#;
    assert_eq!(
        read_of(events(&format!("{long}\n\n"))).await.error_kind(),
        Some(ErrorKind::TooLong)
    );
}

#[tokio::test]
async fn what_is_no_event_stream_is_broken() {
    let page = status("200 OK", "text/html", "<html>log in</html>");
    assert_eq!(read_of(page).await.error_kind(), Some(ErrorKind::Broken));
    let error = r#"{"error":{"message":"no such model","code":"model_not_found"}}"#;
    let error = status("200 OK", "application/json", error);
    assert_eq!(read_of(error).await.error_kind(), Some(ErrorKind::UnknownModel));
    let nonsense = events("data: {\"choices\":\n\ndata: \u{1}\n\n");
    assert_eq!(read_of(nonsense).await.error_kind(), Some(ErrorKind::Broken));
    let mut binary = events("data: ").into_bytes();
    binary.extend(b"\xFF\xFE\n\n");
    assert_eq!(read_of(binary).await.error_kind(), Some(ErrorKind::Broken));
}
