use FailureCode::{
    InputTooLong, InvalidOutput, ProviderError, ProviderRejected, RateLimited, TruncatedOutput,
};
use protocol::FailureCode;

use super::{
    Case, Encoding,
    Expected::{self, Counted, Document, Failure, Thought},
    STOP, delta, text, thought, written,
};

const GOOD: &str = r#"{"title": "Rain", "summary": "It rained."}"#;
const READ: Expected = Document("Rain", "It rained.");

/// An event stream with this body.
fn events(name: &'static str, body: impl Into<String>, expected: Expected) -> Case {
    Case {
        name,
        status: 200,
        content_type: "text/event-stream",
        encoding: Encoding::Plain,
        bodies: vec![body.into()],
        expected,
    }
}

/// A model that writes this text.
fn answer(name: &'static str, text: &str, expected: Expected) -> Case {
    events(name, written(text), expected)
}

/// A refusal with this status.
fn refusal(name: &'static str, status: u16, body: &str, expected: Expected) -> Case {
    Case { status, content_type: "application/json", ..events(name, body, expected) }
}

/// A schema that is refused like this; plainer requests are answered well.
fn schema_refused(name: &'static str, status: u16, body: &str) -> Case {
    let bodies = vec![body.to_owned(), written(GOOD)];
    Case { bodies, ..refusal(name, status, "", READ) }
}

pub(super) fn cases() -> Vec<Case> {
    [
        silent_events(),
        halves_and_parts(),
        drafts(),
        thoughts(),
        refusals(),
        refusals_within_answers(),
        refused_schemas(),
        slips(),
        odd_bodies(),
        ends(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Events that say nothing.
fn silent_events() -> Vec<Case> {
    let half = text(r#"{"title": "Rain", "#);
    let rest = text(r#""summary": "It rained."}"#) + STOP;
    let between = |name, silent: &str| events(name, format!("{half}{silent}{rest}"), READ);
    vec![
        between("an event without data", "data:\n\n"),
        between("an event of nothing but a space", "data: \n\n"),
        between("a blank data line of several", "data:\ndata:\n\n"),
        between("a ping", "event: ping\ndata: {\"type\": \"ping\"}\n\n"),
        between("a ping in words", "event: ping\ndata: still here\n\n"),
        between("a heartbeat without JSON", "data: keep-alive\n\n"),
        between("a heartbeat in brackets", "data: [HEARTBEAT]\n\n"),
        between("a time", "event: heartbeat\ndata: 2026-01-01T00:00:00Z\n\n"),
        between("a number", "data: 17\n\n"),
        between("null", "data: null\n\n"),
        between("an empty object", "data: {}\n\n"),
        between("damaged JSON in another's event", "event: trace\ndata: {\"a\":\n\n"),
        between("comments", ": OPENROUTER PROCESSING\n\n:\n\n"),
        between("a name and no data", "event: message\n\n"),
        between("an id and a time to retry", "id: 7\nretry: 1000\n\n"),
        between(
            "progress of the prompt",
            "data: {\"prompt_progress\":{\"total\":9,\"processed\":3}}\n\n",
        ),
        between("no choice", "data: {\"choices\":[]}\n\n"),
        between("a role", &delta(r#"{"role":"assistant","content":null}"#)),
    ]
}

/// Half surrogates, and content in parts.
fn halves_and_parts() -> Vec<Case> {
    let around =
        |middle: &str| text(r#"{"title": "Rain", "summary": ""#) + middle + &text(r#""}"#) + STOP;
    let high = delta(r#"{"content":"\ud83d"}"#);
    let low = delta(r#"{"content":"\ude00"}"#);
    let parts = |parts: &str| delta(&format!(r#"{{"content":{parts}}}"#));
    let whole = r#"[{"type":"text","text":"{\"title\": \"Rain\", "},{"type":"text","text":"\"summary\": \"It rained.\"}"}]"#;
    let thinking = r#"[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"{\"title\": \"Rain\", \"summary\": \"It rained.\"}"}]"#;
    let flat = r#"[{"type":"reasoning","text":"Hm."}]"#;
    let good = text(GOOD) + STOP;
    let thought = Thought("Rain", "It rained.", "Hm.");
    vec![
        events("two halves", around(&format!("{high}{low}")), Document("Rain", "😀")),
        events(
            "halves around nothing",
            around(&format!("{high}data:\n\n{low}")),
            Document("Rain", "😀"),
        ),
        events("a half alone", around(&high), Document("Rain", "\u{fffd}")),
        events("the other half alone", around(&low), Document("Rain", "\u{fffd}")),
        events(
            "halves within text",
            around(&(delta(r#"{"content":"a\ud83d"}"#) + &delta(r#"{"content":"\ude00b"}"#))),
            Document("Rain", "a😀b"),
        ),
        events(
            "halves of thoughts",
            delta(r#"{"reasoning_content":"\ud83d"}"#)
                + &delta(r#"{"reasoning_content":"\ude00"}"#)
                + &good,
            Thought("Rain", "It rained.", "😀"),
        ),
        events(
            "escapes of halves in the document",
            around(&text(r"\ud83d")),
            Document("Rain", "\u{fffd}"),
        ),
        events("text in parts", parts(whole) + STOP, READ),
        events(
            "a part that is an object",
            parts(r#"{"type":"text","text":"{\"title\": \"Rain\", \"summary\": \"It rained.\"}"}"#)
                + STOP,
            READ,
        ),
        events("thoughts beside text", parts(thinking) + STOP, thought),
        events(
            "thoughts in a flat part",
            parts(flat) + &good,
            Thought("Rain", "It rained.", "Hm."),
        ),
        events(
            "thoughts in details",
            delta(r#"{"content":"","reasoning_details":[{"type":"reasoning.text","text":"Hm."}]}"#)
                + &good,
            Thought("Rain", "It rained.", "Hm."),
        ),
        events(
            "thoughts under two names",
            delta(r#"{"reasoning":"Hm.","reasoning_content":"Hm."}"#) + &good,
            Thought("Rain", "It rained.", "Hm."),
        ),
        events(
            "parts that say nothing",
            parts(r#"[{"type":"image_url"},null,7,{"type":"text","text":""}]"#) + &good,
            READ,
        ),
    ]
}

/// Drafts that look like the answer.
fn drafts() -> Vec<Case> {
    let draft = r#"{"title": "draft", "summary": "draft"}"#;
    let within = |open: &str, close: &str| format!("{open}{draft}{close}{GOOD}");
    let honest = || Failure(InvalidOutput, "draft");
    vec![
        answer("a draft before the end of a thought", &within("", "\n</think>\n"), honest()),
        answer("a draft before another end", &within("", "\n[/THINK]\n"), honest()),
        answer(
            "a draft before a channel",
            &within("", "<|end|><|start|>assistant<|channel|>final<|message|>"),
            honest(),
        ),
        answer("a draft before a channel without marks", &within("", "assistantfinal"), honest()),
        answer("a draft in <think>", &within("<think>", "</think>"), READ),
        answer("a draft in <thinking>", &within("<thinking>\n", "\n</thinking>\n"), READ),
        answer("a draft in [THINK]", &within("[THINK]", "[/THINK]"), READ),
        answer("a draft in <Think>", &within("<Think>", "</Think>"), READ),
        answer("a draft in <seed:think>", &within("<seed:think>", "</seed:think>"), READ),
        answer("a draft in <thought>", &within("<thought>", "</thought>"), READ),
        answer("a draft in ◁think▷", &within("◁think▷", "◁/think▷"), READ),
        answer(
            "a draft in <|begin_of_thought|>",
            &within("<|begin_of_thought|>", "<|end_of_thought|>\n<|begin_of_solution|>"),
            READ,
        ),
        answer(
            "a draft in a channel",
            &within(
                "<|channel|>analysis<|message|>",
                "<|end|><|start|>assistant<|channel|>final<|message|>",
            ),
            READ,
        ),
        answer(
            "two drafts in two thoughts",
            &within(&within("<think>", "</think>\n<think>").replace(GOOD, ""), "</think>"),
            READ,
        ),
        events(
            "a draft that is cut off",
            text(draft)
                + &text(" is not")
                + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n",
            Failure(TruncatedOutput, "early"),
        ),
    ]
}

/// The document as thoughts.
fn thoughts() -> Vec<Case> {
    vec![
        events("the document as thoughts", thought(GOOD) + STOP, READ),
        events(
            "the document as thoughts, in pieces",
            thought(&GOOD[..9]) + &thought(&GOOD[9..]) + &text("") + STOP,
            READ,
        ),
        events(
            "the document as thoughts of another name",
            delta(&format!("{{\"content\":null,\"reasoning\":{}}}", serde_json::Value::from(GOOD)))
                + STOP,
            READ,
        ),
        events(
            "thoughts alone",
            thought("Hm, rain.") + STOP,
            Failure(InvalidOutput, "no JSON object"),
        ),
        events(
            "a draft in thoughts alone",
            thought(&format!("Maybe {GOOD}? No.")) + STOP,
            Failure(InvalidOutput, "no JSON object"),
        ),
        events(
            "a draft in thoughts and an answer",
            thought(r#"{"title": "draft", "summary": "draft"}"#) + &text(GOOD) + STOP,
            READ,
        ),
    ]
}

/// Refusals by status.
fn refusals() -> Vec<Case> {
    vec![
        refusal(
            "a reason in metadata",
            429,
            r#"{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"qwen is temporarily rate-limited upstream","provider_name":"x"}}}"#,
            Failure(RateLimited, "qwen is temporarily rate-limited upstream"),
        ),
        refusal(
            "a reason that is JSON in metadata",
            400,
            r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"prompt is too long: 9 tokens > 8 maximum\"}}"}}}"#,
            Failure(InputTooLong, "prompt is too long: 9 tokens > 8 maximum"),
        ),
        refusal(
            "a reason in plain text",
            400,
            "Prompt contains 9000 tokens, too large for this model",
            Failure(InputTooLong, "Prompt contains 9000 tokens"),
        ),
        refusal(
            "a reason with a key",
            401,
            r#"{"error":{"message":"Incorrect API key provided: sk-abcdefghijkl"}}"#,
            Failure(ProviderRejected, "[redacted]"),
        ),
        refusal(
            "a detail",
            422,
            r#"{"detail":"temperature must be positive"}"#,
            Failure(ProviderRejected, "must be positive"),
        ),
        refusal(
            "details",
            400,
            r#"{"detail":[{"loc":["body","top_p"],"msg":"is out of range"}]}"#,
            Failure(ProviderRejected, "is out of range"),
        ),
        refusal(
            "an object called error",
            400,
            r#"{"object":"error","message":"maximum context length is 4096 tokens","code":400}"#,
            Failure(InputTooLong, "4096"),
        ),
        refusal(
            "a web page",
            502,
            "<html><title>502</title></html>",
            Failure(ProviderError, "broke off. "),
        ),
        refusal("nothing at all", 500, "", Failure(ProviderError, "broke off. ")),
        refusal(
            "a very long reason",
            400,
            &format!(r#"{{"error":{{"message":"so {}"}}}}"#, "on and ".repeat(200)),
            Failure(ProviderRejected, "on…"),
        ),
    ]
}

/// Refusals that come with status 200.
fn refusals_within_answers() -> Vec<Case> {
    let data = |body: &str| format!("data: {body}\n\n");
    vec![
        events(
            "an error in an event",
            data(r#"{"error":{"message":"Rate limit reached"}}"#),
            Failure(RateLimited, "Rate limit reached"),
        ),
        events(
            "an error that is a text",
            data(r#"{"error":"model overloaded"}"#),
            Failure(RateLimited, "model overloaded"),
        ),
        events(
            "an error with a numeric code",
            data(r#"{"error":{"code":429,"message":"Slow down"}}"#),
            Failure(RateLimited, "Slow down"),
        ),
        events(
            "an error with a numeric code as text",
            data(r#"{"error":{"code":"401","message":"No"}}"#),
            Failure(ProviderRejected, "refused the key"),
        ),
        events(
            "an error without data:",
            "{\"error\":{\"message\":\"Too many requests\"}}\n\n",
            Failure(RateLimited, "Too many requests"),
        ),
        events(
            "an error without data: over several lines",
            "{\n  \"error\": {\n    \"message\": \"Too many requests\"\n  }\n}\n",
            Failure(RateLimited, "Too many requests"),
        ),
        events(
            "an error without data: behind text",
            text("{\"title\": \"Ra") + "{\"error\":{\"message\":\"boom\",\"code\":500}}\n",
            Failure(ProviderError, "boom"),
        ),
        events(
            "a field called error",
            "error: {\"code\":400,\"message\":\"the request exceeds the available context size\"}\n\n",
            Failure(InputTooLong, "available context size"),
        ),
        events(
            "an event called error",
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
            Failure(RateLimited, "Overloaded"),
        ),
        events(
            "an event called error in words",
            "event: error\ndata: Too many requests\n\n",
            Failure(RateLimited, "Too many requests"),
        ),
        events(
            "an object called error in an event",
            data(
                r#"{"object":"error","message":"This model's maximum context length is 4096","code":400}"#,
            ),
            Failure(InputTooLong, "maximum context length"),
        ),
        events(
            "base_resp",
            data(r#"{"base_resp":{"status_code":1002,"status_msg":"rate limit"}}"#),
            Failure(RateLimited, "rate limit"),
        ),
        events(
            "base_resp beside empty choices",
            data(
                r#"{"choices":null,"base_resp":{"status_code":1004,"status_msg":"login fail: invalid api key"}}"#,
            ),
            Failure(ProviderRejected, "refused the key"),
        ),
        events(
            "base_resp that is well",
            data(&format!(
                r#"{{"choices":[{{"delta":{{"content":{}}}}}],"base_resp":{{"status_code":0,"status_msg":""}}}}"#,
                serde_json::Value::from(GOOD)
            )) + STOP,
            READ,
        ),
        events(
            "code and message",
            data(
                r#"{"code":"InvalidParameter","message":"Range of input length should be [1, 30720]","request_id":"x"}"#,
            ),
            Failure(InputTooLong, "30720"),
        ),
        events(
            "an error within a choice",
            data(
                r#"{"choices":[{"delta":{"content":""},"error":{"code":502,"message":"Upstream failed"},"finish_reason":"error"}]}"#,
            ),
            Failure(ProviderError, "Upstream failed"),
        ),
        events(
            "an error in an array",
            data(
                r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#,
            ),
            Failure(ProviderRejected, "refused the key"),
        ),
        events(
            "plain words",
            "Rate limit exceeded, try later\n",
            Failure(RateLimited, "Rate limit exceeded"),
        ),
        Case {
            content_type: "application/json",
            ..events(
                "JSON with an error and status 200",
                r#"{"error":{"message":"insufficient balance"}}"#,
                Failure(ProviderRejected, "insufficient balance"),
            )
        },
        Case {
            content_type: "text/plain",
            ..events(
                "plain words with status 200",
                "The prompt is too long.",
                Failure(InputTooLong, "too long"),
            )
        },
        Case {
            content_type: "text/html",
            ..events(
                "a web page with status 200",
                "<!DOCTYPE html>\n<html>log in</html>",
                Failure(ProviderError, "broke off"),
            )
        },
    ]
}

/// Schemas that are refused, each in another way.
fn refused_schemas() -> Vec<Case> {
    vec![
        schema_refused(
            "a schema refused with 400",
            400,
            r#"{"error":{"message":"json_schema is not supported"}}"#,
        ),
        schema_refused(
            "a schema refused with 404",
            404,
            r#"{"error":{"message":"No endpoints found that can handle the requested parameters.","code":404}}"#,
        ),
        schema_refused(
            "a schema refused with 500",
            500,
            r#"{"error":{"message":"Failed to initialize samplers: failed to parse grammar","code":500}}"#,
        ),
        schema_refused(
            "a schema refused in plain text",
            400,
            "response_format is not available here",
        ),
        schema_refused(
            "a schema refused with 500 in plain text",
            500,
            "structured output: internal error",
        ),
        schema_refused(
            "a schema refused with 501",
            501,
            r#"{"message":"guided decoding is not implemented"}"#,
        ),
        schema_refused(
            "a schema refused within the answer",
            200,
            "data: {\"error\":{\"message\":\"invalid json schema\",\"code\":400}}\n\n",
        ),
        schema_refused(
            "a schema refused within the answer, bare",
            200,
            "{\"object\":\"error\",\"message\":\"response_format.type must be text\"}\n",
        ),
        schema_refused(
            "a schema refused as an event",
            200,
            "event: error\ndata: grammar error\n\n",
        ),
    ]
}

/// Slips in the JSON.
fn slips() -> Vec<Case> {
    vec![
        answer("a comma too many", r#"{"title": "Rain", "summary": "It rained.",}"#, READ),
        answer("two commas", r#"{"title": "Rain",, "summary": "It rained."}"#, READ),
        answer("a comma missing", "{\"title\": \"Rain\"\n\"summary\": \"It rained.\"}", READ),
        answer(
            "an escaped apostrophe",
            r#"{"title": "Rain", "summary": "It\'s rain."}"#,
            Document("Rain", "It's rain."),
        ),
        answer(
            "an escaped underscore",
            r#"{"title": "Rain", "summary": "a\_b"}"#,
            Document("Rain", "a_b"),
        ),
        answer(
            "a regular expression",
            r#"{"title": "Rain", "summary": "\d+"}"#,
            Document("Rain", r"\d+"),
        ),
        answer(
            "a path",
            r#"{"title": "Rain", "summary": "C:\users"}"#,
            Document("Rain", r"C:\users"),
        ),
        answer(
            "a raw tab",
            "{\"title\": \"Rain\", \"summary\": \"a\tb\"}",
            Document("Rain", "a\tb"),
        ),
        answer(
            "a raw form feed",
            "{\"title\": \"Rain\", \"summary\": \"a\u{c}b\"}",
            Document("Rain", "a\u{c}b"),
        ),
        answer(
            "a raw escape character",
            "{\"title\": \"Rain\", \"summary\": \"a\u{1b}b\"}",
            Document("Rain", "a\u{1b}b"),
        ),
        answer(
            "a raw line break",
            "{\"title\": \"Rain\", \"summary\": \"a\nb\"}",
            Document("Rain", "a\nb"),
        ),
        answer("the last brace missing", r#"{"title": "Rain", "summary": "It rained.""#, READ),
        answer(
            "the last brace missing in a fence",
            "```json\n{\"title\": \"Rain\", \"summary\": \"It rained.\"\n```",
            READ,
        ),
        answer("wide signs", r#"{"title"："Rain"，"summary"："It rained."}"#, READ),
        answer(
            "no-break spaces",
            "{\u{a0}\"title\":\u{a0}\"Rain\",\u{a0}\"summary\": \"It rained.\"}",
            Document("Rain", "It rained."),
        ),
        answer(
            "words of Python",
            r#"{"title": "Rain", "sure": True, "why": None, "summary": "It rained."}"#,
            READ,
        ),
    ]
}

/// Bodies that are not what they are said to be.
fn odd_bodies() -> Vec<Case> {
    let content = serde_json::Value::from(GOOD);
    let whole = format!(
        r#"{{"object":"chat.completion","choices":[{{"index":0,"message":{{"role":"assistant","content":{content}}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":3,"completion_tokens":2}}}}"#
    );
    let pretty =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&whole).unwrap())
            .unwrap();
    let json =
        |name, body: &str| Case { content_type: "application/json", ..events(name, body, READ) };
    vec![
        json("whole JSON in spite of stream", &whole),
        json("whole JSON over several lines", &pretty),
        events("whole JSON called an event stream", whole.clone(), READ),
        events("whole JSON in one event", format!("data: {whole}\n\ndata: [DONE]\n\n"), READ),
        json("an event stream called JSON", &written(GOOD)),
        Case {
            content_type: "text/plain",
            ..events("an event stream called text", written(GOOD), READ)
        },
        json(
            "chunks a line without data:",
            &written(GOOD).replace("data: [DONE]", "").replace("data: ", ""),
        ),
        Case { encoding: Encoding::Gzip, ..events("gzip", written(GOOD), READ) },
        Case {
            encoding: Encoding::GzipUntold,
            ..events("gzip without a header", written(GOOD), READ)
        },
        Case { encoding: Encoding::Gzip, ..json("gzip of whole JSON", &whole) },
        Case {
            encoding: Encoding::Gzip,
            ..refusal(
                "gzip of a refusal",
                429,
                r#"{"error":{"message":"Slow down"}}"#,
                Failure(RateLimited, "Slow down"),
            )
        },
        events(
            "pieces and then the whole message",
            written(GOOD).replace("data: [DONE]", &format!("data: {whole}")),
            READ,
        ),
        events(
            "text of the older API",
            format!("data: {{\"choices\":[{{\"text\":{content}}}]}}\n\n{STOP}"),
            READ,
        ),
    ]
}

/// Usage in odd places, and ends that are none.
fn ends() -> Vec<Case> {
    let good = text(GOOD);
    let data = |body: &str| format!("data: {body}\n\n");
    let usage = r#"{"prompt_tokens":31,"completion_tokens":7}"#;
    let stop = r#""delta":{},"finish_reason":"stop""#;
    vec![
        events(
            "usage in a choice",
            good.clone() + &data(&format!(r#"{{"choices":[{{{stop},"usage":{usage}}}]}}"#)),
            Counted(31, 7),
        ),
        events(
            "usage in x_groq",
            good.clone()
                + &data(&format!(
                    r#"{{"choices":[{{{stop}}}],"x_groq":{{"id":"x","usage":{usage}}}}}"#
                )),
            Counted(31, 7),
        ),
        events(
            "usage of other names",
            good.clone()
                + STOP.split("data: [DONE]").next().unwrap()
                + &data(r#"{"choices":[],"usage":{"input_tokens":31,"output_tokens":7}}"#),
            Counted(31, 7),
        ),
        events(
            "a reason that is null in words",
            text(r#"{"title": "Rain", "#).replace("\"}}", "\"},\"finish_reason\":\"null\"}"),
            Failure(ProviderError, "broke off"),
        ),
        events(
            "a reason that is null in words, then whole",
            data(&format!(
                r#"{{"choices":[{{"delta":{{"content":{}}},"finish_reason":"null"}}]}}"#,
                serde_json::Value::from(GOOD)
            )) + STOP,
            READ,
        ),
        events(
            "no end",
            text(r#"{"title": "Rain", "summary": "It ra"#),
            Failure(ProviderError, "broke off"),
        ),
        events(
            "an end that is an error",
            text(r#"{"title": "Rain", "summary": "It ra"#)
                + &data(r#"{"choices":[{"delta":{},"finish_reason":"error"}]}"#),
            Failure(ProviderError, "broke off"),
        ),
        events(
            "an end by length",
            text(r#"{"title": "Rain", "summary": "It ra"#)
                + &data(r#"{"choices":[{"delta":{},"finish_reason":"MAX_TOKENS"}]}"#),
            Failure(TruncatedOutput, "early"),
        ),
        events(
            "an end by a filter",
            text(r#"{"title": "Rain", "summary": "It ra"#)
                + &data(r#"{"choices":[{"delta":{},"finish_reason":"SAFETY"}]}"#),
            Failure(ProviderRejected, "withheld"),
        ),
        events("an end by done alone", good + "data: [DONE]\n\n", READ),
    ]
}
