//! What holds for every input, however it is cut.

use crate::support::{cut, cut_text, lenient, options, run, run_bytes};
use crate::texts;
use partial_json::{ErrorKind, Framing, Options};
use proptest::prelude::*;
use serde_json::Value;

fn ways() -> impl Strategy<Value = Options> {
    prop_oneof![Just(options(Framing::Strict)), Just(options(Framing::Tolerant)), Just(lenient()),]
}

fn places() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(any::<usize>(), 0..40)
}

/// Text made of what the parsers care about: mostly broken.
fn soup() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        texts::document(),
        Just("```json\n".to_owned()),
        Just("<think>".to_owned()),
        Just("</think>".to_owned()),
        Just("[THINK]".to_owned()),
        Just("[/THINK]".to_owned()),
        Just("◁think▷”◁/think▷".to_owned()),
        Just("<|channel|>analysis<|message|>".to_owned()),
        Just("<|end|><|channel|>final<|message|>".to_owned()),
        Just("assistantfinal".to_owned()),
        "[{}\\[\\]\",:\\\\<>/`think \n\tu0d8c1e.+-，：|◁▷]{1,8}",
        ".{1,3}",
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

/// Broken at one place.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    (texts::document(), any::<usize>(), any::<u8>(), 0..3).prop_map(|(text, at, byte, how)| {
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        match how {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_document_gives_what_serde_json_reads(text in texts::document(), places in places()) {
        let expected: Value = serde_json::from_str(&text).expect("valid JSON");
        let run = run(options(Framing::Strict), cut_text(&text, &places));
        prop_assert_eq!(run.value(), Some(expected), "{:?}", run);
    }

    #[test]
    fn any_cut_of_text_is_one_piece(
        text in soup(), places in places(), way in ways(),
    ) {
        let whole = run(way.clone(), [text.as_str()]);
        prop_assert_eq!(&run(way.clone(), cut_text(&text, &places)), &whole);
        prop_assert_eq!(&run(way.clone(), text.split("").skip(1)), &whole);
    }

    #[test]
    fn any_cut_of_bytes_is_one_piece(
        bytes in prop_oneof![soup().prop_map(String::into_bytes), damaged()],
        places in places(), way in ways(),
    ) {
        let whole = run_bytes(way.clone(), [bytes.as_slice()]);
        prop_assert_eq!(&run_bytes(way.clone(), cut(&bytes, &places)), &whole);
        prop_assert_eq!(&run_bytes(way.clone(), bytes.chunks(1)), &whole);
    }

    #[test]
    fn damage_is_refused_where_serde_json_refuses_it(bytes in damaged()) {
        let run = run_bytes(options(Framing::Strict), [bytes.as_slice()]);
        let expected = serde_json::from_slice::<Value>(&bytes);
        // It also refuses numbers that are beyond an f64; the literal is the reader's business.
        let beyond = |error: &serde_json::Error| error.to_string().contains("out of range");
        prop_assume!(!expected.as_ref().is_err_and(beyond));
        prop_assert_eq!(run.value(), expected.ok(), "{:?}", run.result);
    }

    #[test]
    fn every_beginning_is_unfinished_and_none_is_wrong(text in texts::object_document()) {
        for (end, _) in text.char_indices() {
            let run = run(options(Framing::Strict), [&text[..end]]);
            let blank = text[..end].trim().is_empty();
            let kind = if blank { ErrorKind::NoDocument } else { ErrorKind::UnexpectedEnd };
            prop_assert_eq!(run.kind(), Some(kind));
            prop_assert_eq!(run.result.map_err(|error| error.offset), Err(end as u64));
        }
    }

    #[test]
    fn what_a_beginning_reports_never_changes(
        text in texts::object_document(), at in any::<prop::sample::Index>(),
    ) {
        let whole = run(options(Framing::Strict), [text.as_str()]).events;
        let some = run(options(Framing::Strict), [&text[..text.floor_char_boundary(
            at.index(text.len()))]]).events;
        if let Some((last, before)) = some.split_last() {
            prop_assert_eq!(before, &whole[..before.len()]);
            match (last, &whole[before.len()]) {
                (crate::support::Seen::Text(at, some), crate::support::Seen::Text(path, text)) => {
                    prop_assert!(at == path && text.starts_with(some.as_str()));
                }
                (last, same) => prop_assert_eq!(last, same),
            }
        }
    }

    #[test]
    fn an_object_is_found_in_what_models_write_around_it(
        text in texts::object_document(),
        before in select_before(), thought in "[^<]{0,20}", after in ".{0,20}",
        places in places(),
    ) {
        let wrapped = format!("<think>{thought}</think>\n{before}{text}{after}");
        let expected: Value = serde_json::from_str(&text).expect("valid JSON");
        let run = run(options(Framing::Tolerant), cut_text(&wrapped, &places));
        prop_assert_eq!(run.value(), Some(expected), "{:?}", run);
        prop_assert_eq!(run.reasoning(), thought);
    }
}

fn select_before() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "\n\n  ",
        "```json\n",
        "Here is {the} answer [1]: ",
        "Sure! {\"title\"} and {\"summary\"} as you asked:\n\n```\n",
        "好的，结果如下：\n",
        "fn main() {} // { \" }\n",
    ])
}
