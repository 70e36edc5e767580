//! What models write around a document, one by one.

use crate::support::{Run, Seen, lenient, options, run, run_bytes};
use partial_json::{ErrorKind, Framing, Kind, Options};
use serde_json::{Value, json};

/// Runs it whole and a character at a time: both must agree.
fn tolerant(text: &str) -> Run {
    let whole = run(options(Framing::Tolerant), [text]);
    let pieces = run(options(Framing::Tolerant), text.split("").filter(|it| !it.is_empty()));
    assert_eq!(whole, pieces, "{text}");
    whole
}

#[track_caller]
fn reads(text: &str, expected: Value) {
    let run = tolerant(text);
    assert_eq!(run.value(), Some(expected), "{text}: {:?}", run.result);
}

#[test]
fn white_space_and_byte_order_mark() {
    reads("\u{feff} \r\n\t{\"a\": 1}\n\n", json!({"a": 1}));
    reads("\u{feff}{}", json!({}));
}

#[test]
fn fences() {
    reads("```json\n{\"a\": 1}\n```", json!({"a": 1}));
    reads("```\n{\"a\": 1}\n```\n", json!({"a": 1}));
    reads("```JSON5 {\"a\": 1}```", json!({"a": 1}));
    reads("````json\n{\n}\n````", json!({}));
    reads("Of course:\n\n```json\n{}\n```", json!({}));
    reads("{\"a\": \"```\"}", json!({"a": "```"}));
}

#[test]
fn sentences_before_and_behind() {
    reads("Here is the JSON you asked for: {\"a\": 1} Hope it helps {!", json!({"a": 1}));
    reads("好的：{\"标题\": \"科技\"}。", json!({"标题": "科技"}));
    reads("{\"a\": 1}{\"a\": 2}", json!({"a": 1}));
    reads("{\"a\": 1}\u{0}<think>", json!({"a": 1}));
}

#[test]
fn prose_that_looks_like_json() {
    reads("Here is {the} answer [1]: {\"a\": 1}", json!({"a": 1}));
    reads("[\"a\"] [1, 2] \"x\" {\"a\": 1}", json!({"a": 1}));
    reads("fn main() {} {\"a\": 1}", json!({"a": 1}));
    reads("{\"title\"} or {\"a\", \"b\"} is a set; {\"a\": 1}", json!({"a": 1}));
    reads("{\"title\": string} becomes {\"a\": 1}", json!({"a": 1}));
    reads("{{{\"a\": 1}", json!({"a": 1}));
    reads("{{\"x\"}} {\"x\" {\"a\": 1}", json!({"a": 1}));
    reads("an open {\" quote\n{\"a\": 1}", json!({"a": 1}));
    reads("{\"half {\"a\": 1}", json!({"a": 1}));
    reads("{\"{\"{\"{\"a\": 1}", json!({"a": 1}));
    reads("{\"x { {\"a\": 1}", json!({"a": 1}));
    reads("use `{` and ``{`` and {\\\"a\\\": 1}: {\"a\": 1}", json!({"a": 1}));
}

#[test]
fn first_keys_of_every_kind() {
    reads("{\n\n  \"a\" \n : \n [1]}", json!({"a": [1]}));
    reads("{\"{\\\"a\\\": 1}\": -1}", json!({"{\"a\": 1}": -1}));
    reads("{\"\": {\"\": null}}", json!({"": {"": null}}));
    reads("{\"\\ud83d\\ude00\\\\\": \"\"}", json!({"😀\\": ""}));
}

#[test]
fn a_first_key_without_end_is_prose() {
    let prose = format!("{{\"{}", "x".repeat(10_000));
    assert_eq!(tolerant(&prose).kind(), Some(ErrorKind::NoDocument));
    let prose = format!("{{\"{}", "{\"a".repeat(10_000));
    assert_eq!(tolerant(&prose).kind(), Some(ErrorKind::UnexpectedEnd));
    reads(&format!("{{\"{}\n{{\"a\": 1}}", "x".repeat(10_000)), json!({"a": 1}));
    reads(&format!("{{\"{}\n{{\"a\": 1}}", "{\"x".repeat(10_000)), json!({"a": 1}));
}

#[test]
fn thoughts() {
    let run = tolerant("<think>\nMaybe {\"a\": 0}? </thin </think>\n\n{\"a\": 1}");
    assert_eq!(run.value(), Some(json!({"a": 1})));
    assert_eq!(run.reasoning(), "\nMaybe {\"a\": 0}? </thin ");
    let run = tolerant("\n<think><</</</think>{}");
    assert_eq!((run.reasoning().as_str(), run.value()), ("<</</", Some(json!({}))));
    let run = tolerant("<think>1</think><think>2</think>{\"a\": \"<think>3</think>\"}");
    assert_eq!(run.reasoning(), "12");
    assert_eq!(run.value(), Some(json!({"a": "<think>3</think>"})));
    let run = tolerant("Say <think> or <thing>\n<thin>\n<think>so</think>```json\n{}```");
    assert_eq!((run.reasoning().as_str(), run.value()), ("so", Some(json!({}))));
    assert_eq!(tolerant("<think></think>{}").events.len(), 2);
}

#[test]
fn thoughts_without_end_are_no_document() {
    let run = tolerant("<think>hm </th");
    assert_eq!(run.reasoning(), "hm </th");
    assert_eq!(run.kind(), Some(ErrorKind::NoDocument));
}

#[test]
fn no_document() {
    for text in ["", " ", "No.", "[1]", "12", "\"a\"", "{the}", "```json\n```", "fn main() {}"] {
        let run = tolerant(text);
        assert_eq!(run.kind(), Some(ErrorKind::NoDocument), "{text}");
        assert_eq!(run.events, []);
    }
}

#[test]
fn a_document_that_is_cut_off() {
    for text in
        ["{", "{\"", "Well: {\"a\"", "{\"a\": ", "{\"a\": \"b", "{\"a\": \"b\"", "{\"a\": 1"]
    {
        let run = tolerant(text);
        assert_eq!(run.kind(), Some(ErrorKind::UnexpectedEnd), "{text}");
        assert_eq!(run.events[0], Seen::Started(String::new(), Kind::Object), "{text}");
    }
}

#[test]
fn thoughts_of_every_kind() {
    for (open, close) in [
        ("<thinking>", "</thinking>"),
        ("<Think>", "</Think>"),
        ("<THINK>", "</think>"),
        ("<seed:think>", "</seed:think>"),
        ("[THINK]", "[/THINK]"),
        ("<thought>", "</thought>"),
        ("<reasoning>", "</reasoning>"),
        ("Hm: ◁think▷", "◁/think▷"),
        ("<|begin_of_thought|>", "<|end_of_thought|>\n<|begin_of_solution|>"),
        ("<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"),
        ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
        ("<|channel|>analysis<|message|>", "<|channel|>final <|constrain|>json<|message|>"),
    ] {
        let text = format!("{open}\n<b>[1] is {{\"a\": 0}} “so” </b>{close}\n{{\"a\": 1}}");
        let run = tolerant(&text);
        assert_eq!(run.value(), Some(json!({"a": 1})), "{text}: {run:?}");
        assert_eq!(run.reasoning(), "\n<b>[1] is {\"a\": 0} “so” </b>", "{text}");
    }
}

#[test]
fn channels_of_harmony_may_be_several() {
    let text = "<|channel|>analysis<|message|>one<|end|><|start|>assistant<|channel|>commentary\
                <|message|>{\"a\": 0}<|call|><|channel|>final<|message|>{\"a\": 1}<|return|>";
    let run = tolerant(text);
    assert_eq!((run.value(), run.reasoning()), (Some(json!({"a": 1})), "one{\"a\": 0}".to_owned()));
}

#[test]
fn a_draft_in_a_thought_that_was_never_opened_is_discarded() {
    for between in [
        "</think>",
        "\n</think>\n\n```json\n",
        " is a draft, <b>a good one</b>.</Thinking>",
        "[/THINK]",
        "◁/think▷",
        "</seed:think>",
        "<|end_of_thought|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
        "assistantfinal",
        "\n[BEGIN FINAL RESPONSE]\n",
        "\n<answer>",
        "aaassistantfinal",
    ] {
        let text = format!("{{\"a\": 0, \"b\": \"draft\"}}{between}{{\"a\": 1}}");
        let run = tolerant(&text);
        assert_eq!(run.value(), Some(json!({"a": 1})), "{text}: {run:?}");
        assert!(run.events.contains(&Seen::Discarded), "{text}");
        let run = tolerant(&text.replace("{\"a\": 1}", "none"));
        assert_eq!(run.kind(), Some(ErrorKind::NoDocument), "{text}");
    }
    for behind in ["<think>", "</p>", "assistant final", "<|channel|>analysis<|message|>", "</thi"]
    {
        reads(&format!("{{\"a\": 1}}{behind}{{\"a\": 2}}"), json!({"a": 1}));
    }
}

/// Reads it with the slips of models; without, it is refused.
#[track_caller]
fn mends(text: &str, expected: Value) {
    let whole = run(lenient(), [text]);
    let pieces = run(lenient(), text.split("").filter(|it| !it.is_empty()));
    assert_eq!(whole, pieces, "{text}");
    let bytes = run_bytes(lenient(), text.as_bytes().chunks(1));
    assert_eq!(whole, bytes, "{text}");
    assert_eq!(whole.value(), Some(expected), "{text}: {:?}", whole.result);
    assert!(run(options(Framing::Strict), [text]).result.is_err(), "{text}");
    assert!(run(options(Framing::Tolerant), [text]).result.is_err(), "{text}");
}

#[test]
fn slips_within_strings() {
    mends("{\"a\": \"1\n\t2\r\n3\"}", json!({"a": "1\n\t2\r\n3"}));
    mends("{\"a\": \"\u{c}1\u{1b}[0m\u{0}\"}", json!({"a": "\u{c}1\u{1b}[0m\u{0}"}));
    mends("{\"a\": \"\\ud83d\"}", json!({"a": "\u{fffd}"}));
    mends("{\"a\": \"\\ud83d!\\ude00\"}", json!({"a": "\u{fffd}!\u{fffd}"}));
    mends("{\"a\": \"\\ud83d\\n\\ud83d\\u4e2d\"}", json!({"a": "\u{fffd}\n\u{fffd}中"}));
    mends("{\"a\": \"\\ud83d\\ud83d\\ude00\"}", json!({"a": "\u{fffd}😀"}));
}

#[test]
fn escapes_that_are_none() {
    mends(r#"{"a": "it\'s"}"#, json!({"a": "it's"}));
    mends(r#"{"a": "snake\_case, \*so\* \#1"}"#, json!({"a": "snake_case, *so* #1"}));
    mends(r#"{"a": "\d+ \x41 \中"}"#, json!({"a": r"\d+ \x41 \中"}));
    mends(r#"{"a": "C:\users, \u12"}"#, json!({"a": r"C:\users, \u12"}));
    mends(r#"{"a": "\uABxy"}"#, json!({"a": r"\uABxy"}));
    mends(r#"{"a": "\ud83d\x"}"#, json!({"a": "\u{fffd}\\x"}));
    mends(r#"{"a": "\ud83d\uZ"}"#, json!({"a": "\u{fffd}\\uZ"}));
    mends("{\"a\": \"1\\\n2\"}", json!({"a": "1\n2"}));
    mends(r#"{"a\_b": 1}"#, json!({"a_b": 1}));
}

#[test]
fn slips_between_tokens() {
    mends(r#"{"a": [1, 2,], "b": {"c": "",},}"#, json!({"a": [1, 2], "b": {"c": ""}}));
    mends(r#"{"a": 1,, "b": [1,,2]}"#, json!({"a": 1, "b": [1, 2]}));
    mends("{\"a\": \"1\"\n\"b\": [\"x\" \"y\"]}", json!({"a": "1", "b": ["x", "y"]}));
    mends(r#"{"a"："1"，"b"： 2}"#, json!({"a": "1", "b": 2}));
    mends("{\"a\": 1,\u{a0}\u{c}\u{3000}\"b\": 2}", json!({"a": 1, "b": 2}));
    mends(r#"{"a": [True, False, None]}"#, json!({"a": [true, false, null]}));
}

#[test]
fn the_last_brace_may_be_missing() {
    mends(r#"{"a": "1", "b": "2""#, json!({"a": "1", "b": "2"}));
    mends("```json\n{\"a\": \"1\", \"b\": [\"2\"]\n```\n", json!({"a": "1", "b": ["2"]}));
    for text in [
        r#"{"a": "1", "b": "2"#,
        r#"{"a": "1", "b": 2"#,
        r#"{"a": "1","#,
        r#"{"a": ["1""#,
        r#"{"a": "1", "b": [{"c": "2"}"#,
        r#"{"a": "1", "b""#,
    ] {
        assert_eq!(run(lenient(), [text]).kind(), Some(ErrorKind::UnexpectedEnd), "{text}");
    }
}

#[test]
fn errors_count_from_the_beginning_of_the_input() {
    let error = tolerant("<think>é</think>ok {\"a\": 1,}").result.expect_err("a comma too many");
    assert_eq!((error.offset, error.kind), (28, ErrorKind::UnexpectedByte));
    assert_eq!(error.to_string(), "unexpected byte at byte 28");
}

#[test]
fn bytes_behind_the_document_need_not_be_text() {
    let bytes = b"{\"a\": 1} \xff\xe4";
    for size in [1, 9, 10, bytes.len()] {
        let run = run_bytes(options(Framing::Tolerant), bytes.chunks(size));
        assert_eq!(run.value(), Some(json!({"a": 1})));
    }
    let run = run_bytes(options(Framing::Tolerant), [b"so \xff {}".as_slice()]);
    assert_eq!(run.kind(), Some(ErrorKind::InvalidUtf8));
}

#[test]
fn the_limit_ends_with_the_document() {
    let limited = Options { max_bytes: 12, ..options(Framing::Tolerant) };
    assert_eq!(run(limited.clone(), ["{\"a\": 1}", " and so on, for ever"]).result, Ok(()));
    assert_eq!(run(limited.clone(), ["{\"a\": 1} and so on, for ever"]).result, Ok(()));
    let error = run(limited, ["Well, now: {\"a\": 1}"]).result.expect_err("too much prose");
    assert_eq!((error.offset, error.kind), (12, ErrorKind::TooLarge));
}
