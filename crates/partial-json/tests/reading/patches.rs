//! JSON Patch (RFC 6902) out of the events, with json-patch as the judge.

use crate::support::{Seen, cut_text, options, run};
use crate::texts;
use json_patch::Patch;
use partial_json::{Framing, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `add` for what begins, `replace` for what grows: as streaming JSON readers yield it.
fn operation(document: &Value, event: &Seen) -> Option<Value> {
    let (path, value) = match event {
        Seen::Started(path, Kind::Object) => (path, json!({})),
        Seen::Started(path, Kind::Array) => (path, json!([])),
        Seen::Started(path, Kind::Text) => (path, json!("")),
        Seen::Value(path, value) => (path, value.clone()),
        Seen::Number(path, literal) => (path, serde_json::from_str(literal).ok()?),
        Seen::Text(path, more) => {
            let grown = format!("{}{more}", document.pointer(path)?.as_str()?);
            return Some(json!({"op": "replace", "path": path, "value": grown}));
        }
        Seen::Completed(_) | Seen::Reasoning(_) | Seen::Discarded => return None,
    };
    Some(json!({"op": "add", "path": path, "value": value}))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn patches_in_turn_give_the_document(
        text in texts::document(), places in prop::collection::vec(any::<usize>(), 0..10),
    ) {
        let mut document = Value::Null;
        for event in run(options(Framing::Strict), cut_text(&text, &places)).events {
            if let Some(operation) = operation(&document, &event) {
                let patch: Patch = serde_json::from_value(json!([operation])).expect("a patch");
                json_patch::patch(&mut document, &patch).expect("it applies");
            }
        }
        prop_assert_eq!(document, serde_json::from_str::<Value>(&text).expect("valid JSON"));
    }
}
