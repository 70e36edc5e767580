use llm::ErrorKind::{self, *};
use llm::{Finish, OpenAi, SecretString, Settings, ollama_model};

use crate::answers::recording;
use crate::upstream::{DONE, Play, Upstream, events, send, status};
use crate::{KEY, provider, read};

/// Status line, body, what it means.
const REFUSALS: [(&str, &str, ErrorKind); 23] = [
    (
        "401 Unauthorized",
        r#"{"error":{"message":"Incorrect key","code":"invalid_api_key"}}"#,
        Unauthorised,
    ),
    ("403 Forbidden", "", Unauthorised),
    ("403 Forbidden", r#"{"error":{"code":"model_not_found"}}"#, UnknownModel),
    (
        "404 Not Found",
        r#"{"error":{"message":"model 'x' not found","type":"api_error"}}"#,
        UnknownModel,
    ),
    ("404 Not Found", "<html>nginx</html>", UnknownModel),
    (
        "429 Too Many Requests",
        r#"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#,
        RateLimited,
    ),
    ("429 Too Many Requests", r#"{"error":{"code":"insufficient_quota"}}"#, RateLimited),
    ("402 Payment Required", r#"{"error":{"message":"Insufficient Balance"}}"#, RateLimited),
    ("400 Bad Request", r#"{"error":{"code":"Arrearage"}}"#, RateLimited),
    ("413 Payload Too Large", "", TooLong),
    (
        "400 Bad Request",
        r#"{"error":{"code":"context_length_exceeded","message":"This model's maximum context length is 8192"}}"#,
        TooLong,
    ),
    (
        "400 Bad Request",
        r#"{"object":"error","message":"maximum context length is 4096 tokens","type":"BadRequestError","code":400}"#,
        TooLong,
    ),
    (
        "400 Bad Request",
        r#"{"error":{"message":"Range of input length should be [1, 30720]"}}"#,
        TooLong,
    ),
    (
        "400 Bad Request",
        r#"[{"error":{"code":400,"message":"The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]"#,
        TooLong,
    ),
    (
        "400 Bad Request",
        r#"{"code":"invalid argument","error":"This model's maximum prompt length is 131072 but the request contains 136973 tokens."}"#,
        TooLong,
    ),
    (
        "400 Bad Request",
        r#"{"error":{"message":"prompt is too long: 202128 tokens > 200000 maximum"}}"#,
        TooLong,
    ),
    ("408 Request Timeout", "", Broken),
    (
        "400 Bad Request",
        r#"[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]"#,
        Rejected,
    ),
    ("405 Method Not Allowed", "", Rejected),
    ("308 Permanent Redirect", "", Rejected),
    ("500 Internal Server Error", r#"{"error":"oops"}"#, Broken),
    ("502 Bad Gateway", "<html>nginx</html>", Broken),
    (
        "503 Service Unavailable",
        r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
        Broken,
    ),
];

#[tokio::test]
async fn refusals_are_told_apart_and_not_retried() {
    for (line, body, kind) in REFUSALS {
        let upstream = Upstream::sending([status(line, "application/json", body)]).await;
        let answer = read(&provider(&upstream.base_url)).await;
        assert_eq!(answer.error_kind(), Some(kind), "{line} {body}");
        assert_eq!(upstream.asked().len(), 1, "{line} {body}");
    }
}

#[tokio::test]
async fn a_recorded_refusal_names_type_and_code() {
    let upstream = Upstream::sending([recording("refused-too-long")]).await;
    let error = read(&provider(&upstream.base_url)).await.error.unwrap();
    assert_eq!(error.kind, TooLong);
    assert_eq!(error.detail, "status 400, type exceed_context_size_error, code 400");
}

#[tokio::test]
async fn neither_key_nor_text_gets_into_errors() {
    let body = format!(
        r#"{{"error":{{"message":"{KEY}: Lely","type":"Lely proposed {KEY}","code":"x y"}}}}"#
    );
    for line in ["401 Unauthorized", "418 Teapot", "500 Internal Server Error"] {
        let upstream = Upstream::sending([status(line, "application/json", &body)]).await;
        let provider = provider(&upstream.base_url);
        let error = read(&provider).await.error.unwrap();
        let told = format!("{error} {error:?} {provider:?}");
        assert!(!told.contains("Lely") && !told.contains(KEY), "{told}");
        assert!(upstream.asked()[0].head.contains(&format!("authorization: bearer {KEY}")));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_wherever_it_leads() {
    let other = Upstream::sending([status("200 OK", "application/json", "{}")]).await;
    for line in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let head = format!("HTTP/1.1 {line}\r\nlocation: {}chat/completions\r\n", other.base_url);
        let upstream = Upstream::sending([head.clone() + "content-length: 0\r\n\r\n"]).await;
        assert_eq!(
            read(&provider(&upstream.base_url)).await.error_kind(),
            Some(Rejected),
            "{line}"
        );
        let second = std::time::Duration::from_secs(1);
        let upstream = Upstream::sending([head + "content-length: 0\r\n\r\n"]).await;
        assert_eq!(ollama_model(&upstream.base_url, second).await, None);
        assert_eq!(upstream.asked().len(), 1);
    }
    assert!(other.asked().is_empty(), "the other was asked: {:?}", other.asked());
}

#[tokio::test]
async fn a_key_is_masked_where_a_word_would_be_shown() {
    for word in [KEY, "sk-of-somebody-else", "SK-OF-NOBODY-123"] {
        let body = format!(r#"{{"error":{{"type":"{word}","code":"x.{word}"}}}}"#);
        let upstream = Upstream::sending([status("500 Oops", "application/json", &body)]).await;
        let error = read(&provider(&upstream.base_url)).await.error.unwrap();
        assert_eq!(error.detail, "status 500, type [redacted], code x.[redacted]");

        let end = format!(r#"{{"choices":[{{"delta":{{}},"finish_reason":"{word}"}}]}}"#);
        let answer = events(&format!("data: {end}\n\n{DONE}"));
        let upstream = Upstream::sending([answer]).await;
        let finish = read(&provider(&upstream.base_url)).await.finish;
        assert_eq!(finish, Some(Finish::Other("[redacted]".to_owned())));
    }
}

#[tokio::test]
async fn an_endless_refusal_is_not_read_to_its_end() {
    let head = "HTTP/1.1 500 Oops\r\ncontent-type: text/plain\r\n\r\n";
    let plays = vec![send(head), Play::Repeat(vec![b'x'; 65_536], 512), Play::Hang];
    let mut upstream = Upstream::playing(vec![plays]).await;
    assert_eq!(read(&provider(&upstream.base_url)).await.error_kind(), Some(Broken));
    upstream.closed().await;
    assert!(upstream.stalled().await < 16 * 1024 * 1024, "all of it was read");
}

#[test]
fn bad_settings_are_refused_without_showing_the_key() {
    let new = |base_url: &str, key: &str| {
        OpenAi::new(Settings {
            name: "test".to_owned(),
            base_url: base_url.to_owned(),
            api_key: Some(SecretString::from(key)),
            model: "small".to_owned(),
            silence: std::time::Duration::from_secs(1),
        })
    };
    for url in ["", "localhost:8080", "ftp://host/v1", "http://", "http://user:secret@host/v1"] {
        let error = new(url, KEY).unwrap_err();
        assert_eq!(error.kind, Rejected, "{url}");
        assert!(!error.detail.contains("secret") && !error.detail.contains(KEY));
    }
    let error = new("http://host/v1", "one\ntwo").unwrap_err();
    assert_eq!(error.kind, Unauthorised);
    assert!(!error.detail.contains("two"));
    assert!(new(" http://[::1]:9/v1/ ", "key\n").is_ok(), "white space around is no harm");
}
