//! Documents of every shape, cut anywhere.

use llm::Finish;
use proptest::{prelude::*, sample::Index};
use protocol::{Event, Field, FieldType, Shape, Snapshot};
use serde_json::{Map, Value, json};

use super::Composer;
use crate::coalesce::coalesce;

fn own() -> Shape {
    let flat = json!({"type": "object", "properties": {
        "name": {"type": "string"}, "votes": {"type": "integer"}, "role": {"enum": ["谁", "b\"c"]}}});
    Shape::own(&json!({"type": "object", "properties": {
        "verdict": {"enum": ["good", "bad", "好的"]},
        "score": {"type": "number"},
        "is/open~": {"type": "boolean"},
        "topics": {"type": "array", "items": {"type": "string"}},
        "owner": flat,
        "people": {"type": "array", "items": flat},
        "text": {"type": "string"},
    }}))
    .unwrap()
}

fn shapes() -> Vec<Shape> {
    Shape::ALL.iter().cloned().chain([own()]).collect()
}

fn text() -> impl Strategy<Value = Value> {
    "[a-z 钟\"\\\\\n😀]{0,6}".prop_map(Value::from)
}

/// Any value that fits there.
fn value_of(content: &FieldType) -> BoxedStrategy<Value> {
    match content {
        FieldType::Text(_) => text().boxed(),
        FieldType::Number => (-9_999..9_999_i32).prop_map(|n| json!(f64::from(n) / 8.0)).boxed(),
        FieldType::Integer => any::<i32>().prop_map(Value::from).boxed(),
        FieldType::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        FieldType::Choice(words) => {
            prop::sample::select(words.clone()).prop_map(Value::from).boxed()
        }
        FieldType::TextList { .. } => {
            prop::collection::vec(text(), 0..4).prop_map(Value::from).boxed()
        }
        FieldType::Object(members) => object_of(members),
        FieldType::ObjectList { members, .. } => {
            prop::collection::vec(object_of(members), 0..3).prop_map(Value::from).boxed()
        }
    }
}

fn object_of(fields: &[Field]) -> BoxedStrategy<Value> {
    let names: Vec<String> = fields.iter().map(|field| field.name.to_string()).collect();
    let values: Vec<_> = fields.iter().map(|field| value_of(&field.content)).collect();
    values
        .prop_map(move |values| names.iter().cloned().zip(values).collect::<Map<_, _>>().into())
        .boxed()
}

fn documents() -> impl Strategy<Value = (Shape, Value)> {
    prop::sample::select(shapes()).prop_flat_map(|shape| {
        let document = object_of(&shape.fields);
        (Just(shape), document)
    })
}

/// The events of an answer that comes in these pieces, with neighbouring deltas joined.
fn written<'a>(shape: &Shape, pieces: impl IntoIterator<Item = &'a str>) -> Vec<Event> {
    let mut composer = Composer::new(shape);
    let mut events: Vec<Event> = Vec::new();
    for piece in pieces {
        assert!(composer.text(piece));
        composer.buffer().close();
    }
    composer.judge(Some(&Finish::Stop)).unwrap();
    for event in std::mem::take(&mut composer.buffer().events) {
        let rest = match events.last_mut() {
            Some(last) => coalesce(last, event),
            None => Some(event),
        };
        events.extend(rest);
    }
    events
}

fn folded(events: &[Event]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (id, event) in (1..).zip(events) {
        snapshot.apply(id, event).unwrap();
    }
    snapshot
}

proptest! {
    #[test]
    fn any_split_gives_the_same_events_and_they_fold_to_the_document(
        (shape, document) in documents(),
        cuts in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let answer = document.to_string();
        let whole = written(&shape, [answer.as_str()]);
        let snapshot = folded(&whole);
        prop_assert_eq!(snapshot.document.root(), &document);
        let mut cuts: Vec<usize> =
            cuts.iter().map(|cut| answer.floor_char_boundary(cut.index(answer.len()))).collect();
        cuts.extend([0, answer.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|pair| &answer[pair[0]..pair[1]]);
        prop_assert_eq!(written(&shape, pieces), whole);
    }
}

fn names(events: &[Event]) -> Vec<String> {
    let told =
        |event: &Event| format!("{} {}", event.name(), serde_json::to_string(event).unwrap());
    events.iter().map(told).collect()
}

#[test]
fn a_list_begins_and_then_each_of_its_items() {
    let events =
        written(&Shape::KEY_POINTS, [r#"{"title":"T","points":["One"#, r#" point.","Two."]}"#]);
    assert_eq!(
        names(&events)[3..],
        [
            r#"field_started {"path":"/points","kind":"array"}"#,
            r#"field_started {"path":"/points/0"}"#,
            r#"field_delta {"path":"/points/0","text":"One point."}"#,
            r#"field_completed {"path":"/points/0"}"#,
            r#"field_started {"path":"/points/1"}"#,
            r#"field_delta {"path":"/points/1","text":"Two."}"#,
            r#"field_completed {"path":"/points/1"}"#,
            r#"field_completed {"path":"/points"}"#,
        ]
    );
}

#[test]
fn a_choice_and_a_number_are_there_once_and_whole() {
    let shape = Shape::own(&json!({"properties": {
        "mood": {"enum": ["Good", "Bad"]}, "score": {"type": "number"}}}));
    let events = written(&shape.unwrap(), [r#"{"mood":" g"#, r#"ood","score":1"#, "2.5}"]);
    assert_eq!(
        names(&events),
        [
            r#"field_set {"path":"/mood","value":"Good"}"#,
            r#"field_set {"path":"/score","value":12.5}"#,
        ]
    );
    assert!(folded(&events).is_completed("/mood"));
}

#[test]
fn a_text_of_an_item_may_be_left_out_and_is_empty_then() {
    let answer = r#"{"title":"T","items":[{"what":"Oil it","when":null},{"who":"Ada","what":"x","when":""}]}"#;
    let document = folded(&written(&Shape::ACTION_ITEMS, [answer])).document;
    assert_eq!(document.root()["items"][0], json!({"what": "Oil it", "when": "", "who": ""}));
    assert_eq!(
        document.checkpoint(),
        protocol::Document::from(document.root().clone()).checkpoint()
    );
}

#[test]
fn what_does_not_fit_the_shape_is_no_document() {
    for (answer, words) in [
        (r#"{"title":"T"}"#, "the list field `points` is missing"),
        (r#"{"title":"T","points":"One"}"#, "the list field `points` holds something else"),
        (r#"{"title":"T","points":["One",2]}"#, "the text field `points/1` holds something else"),
    ] {
        let mut composer = Composer::new(&Shape::KEY_POINTS);
        assert!(composer.text(answer));
        let failure = composer.judge(Some(&Finish::Stop)).unwrap_err();
        assert!(failure.message.contains(words), "{}", failure.message);
    }
    let own = own();
    let mut composer = Composer::new(&own);
    assert!(!composer.text(r#"{"verdict":"so so","score":1,"#));
    let failure = composer.judge(None).unwrap_err();
    assert!(failure.message.contains("the field `verdict` is none of the words"));
}
