use llm::ErrorKind::{self, *};
use llm::{Finish, OpenAi, SecretString, Settings, Timeouts, ollama_model};

use crate::answers::recording;
use crate::upstream::{DONE, Play, STOP, Upstream, events, send, status, text};
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
        // It says that it takes no more now: nothing can have come of the request.
        let asked = if line.starts_with("503") { 3 } else { 1 };
        assert_eq!(upstream.asked().len(), asked, "{line} {body}");
    }
}

#[tokio::test]
async fn an_endpoint_is_asked_again_when_it_wants_to_be() {
    let slow = "HTTP/1.1 429 Slow\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n".to_owned();
    let answer = events(&(text("{}") + STOP));
    let upstream = Upstream::sending([slow.clone(), answer]).await;
    let began = std::time::Instant::now();
    assert_eq!(read(&provider(&upstream.base_url)).await.text, "{}");
    assert!(began.elapsed() >= std::time::Duration::from_secs(1), "it was not waited for");
    assert_eq!(upstream.asked().len(), 2);

    let late = slow.replace("retry-after: 1", "retry-after: 3600");
    let upstream = Upstream::sending([late]).await;
    let error = read(&provider(&upstream.base_url)).await.error.unwrap();
    assert_eq!(error.retry_after, Some(std::time::Duration::from_secs(3600)));
    assert_eq!((error.kind, upstream.asked().len()), (RateLimited, 1));
}

#[tokio::test]
async fn nothing_is_asked_twice_once_something_was_written() {
    let busy = r#"data: {"error":{"code":503,"message":"Overloaded"}}"#;
    let upstream = Upstream::sending([events(&format!("{}{busy}\n\n", text("so")))]).await;
    let answer = read(&provider(&upstream.base_url)).await;
    assert_eq!((answer.text.as_str(), answer.error_kind()), ("so", Some(RateLimited)));
    assert_eq!(upstream.asked().len(), 1);
}

/// How providers say that a text is too long, each in its own words.
const TOO_LONG: &[&str] = &[
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000",
    "context_length_exceeded",
    "Your input exceeds the context window of this model. Please adjust your input and try again.",
    "Input tokens exceed the configured limit of 272000 tokens.",
    "prompt is too long: 202128 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 198154 + 21333 > 200000",
    "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",
    "Unable to submit request because the input token count is 40000 but model only supports up to 32768.",
    "Request payload size exceeds the limit: 20971520 bytes.",
    "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
    "Please reduce the length of the messages or completion.",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000",
    "Input validation error: `inputs` must have less than 1024 tokens. Given: 2000",
    "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
    "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    "Requested token count exceeds the model's maximum context length of 8192 tokens.",
    "the request exceeds the available context size (4096 tokens), try increasing it",
    "Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens",
    "The number of tokens to keep from the initial prompt is greater than the context length",
    "input length exceeds maximum context length",
    "prompt too long; exceeded max context length by 4 tokens",
    "Range of input length should be [1, 30720]",
    "Total tokens of image and text exceed max message tokens",
    "Input length 300000 exceeds the maximum length 229376",
    "Prompt 超长",
    "输入文本过长，请减少输入",
    "输入内容超出模型最大长度",
    "Invalid request: Your request exceeded model token limit: 8192 (requested: 9000)",
    "invalid params, context window exceeds limit (2013)",
    "the length of input can not exceed 20000 tokens",
    "prompt tokens too long",
    "the max input characters is 24000",
    "input tokens num is greater than max input tokens",
    "too many tokens: total number of tokens in the prompt cannot exceed 4081",
    "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
    "Input is too long for requested model.",
    "Prompt has too many tokens. Max allowed: 8192",
    "Request body too large for gpt-4o model. Max size: 8000 tokens.",
    "tokens_limit_reached",
    "The estimated number of input and maximum output tokens (9000) exceeded this model context window limit (8192).",
    "length of prompt_tokens (40000) must be less than max_seq_len (32768).",
    "Prompt length 9000 is greater than max_seq_len 8192",
    "ContextWindowExceededError",
    "Requested tokens (9000) exceed context window of 4096",
    "Invalid 'messages[1].content': string too long. Expected a string with maximum length 1048576",
    "Request Entity Too Large",
    "The text is too long.",
];

/// What looks alike and is something else.
const NOT_TOO_LONG: &[(&str, ErrorKind)] = &[
    (
        "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 40000",
        RateLimited,
    ),
    ("You exceeded your current quota, please check your plan and billing details", RateLimited),
    (
        "This request would exceed your organization's rate limit of 40,000 input tokens per minute",
        RateLimited,
    ),
    ("The number of requests exceeds the limit of this account, too many requests", RateLimited),
    ("您的账户余额不足", RateLimited),
    ("The engine is currently overloaded, please try again later", RateLimited),
    ("API key not valid. Please pass a valid API key.", Unauthorised),
    ("The model `gpt-9` does not exist or you do not have access to it.", UnknownModel),
    ("Invalid parameter: top_p must be at most 1", Rejected),
];

#[tokio::test]
async fn what_is_too_long_is_known_in_everybodys_words() {
    let words = TOO_LONG.iter().map(|words| (*words, TooLong));
    for (words, kind) in words.chain(NOT_TOO_LONG.iter().copied()) {
        let error = serde_json::json!({"error": {"message": words}}).to_string();
        for answer in [
            status("400 Bad Request", "application/json", &error),
            status("400 Bad Request", "text/plain", words),
            events(&format!("data: {error}\n\n")),
            events(&format!("event: error\ndata: {words}\n\n")),
            events(words),
        ] {
            let upstream = Upstream::sending([answer.clone()]).await;
            let error = read(&provider(&upstream.base_url)).await.error.unwrap();
            assert_eq!(error.kind, kind, "{answer}");
            let reason = error.reason.unwrap();
            assert!(words.starts_with(reason.as_str().trim_end_matches('…')), "{reason:?}");
        }
    }
    println!("{} wordings", TOO_LONG.len() + NOT_TOO_LONG.len());
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
            timeouts: Timeouts::of_silence(std::time::Duration::from_secs(1)),
            form: llm::Form::Schema,
            origin: llm::Origin::default(),
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
