//! Documents of shapes that the page has never heard of are folded event by event, and rendered.

use leptos::prelude::GetUntracked;
use proptest::prelude::*;
use protocol::{
    Event, FieldCompleted, FieldDelta, FieldSet, FieldStarted, Kind, Snapshot, Started, escape,
};
use serde_json::{Map, Value, json};

use super::{Content, Fields};
use crate::test_owner::with_owner;

fn minutes() -> Value {
    json!({
        "title": "The harbour board meets",
        "attendees": ["Ada", "Grace"],
        "decisions": [],
        "action_items": [{"what": "Oil the clock", "who": "Ada", "when": null}],
        "budget": {"sum": 12.5, "approved": true},
        "isPublic": false,
        "summary": "They met.\n\nThey parted.",
    })
}

/// What a server says while `value` is written at `path`.
fn written(path: &str, value: &Value, events: &mut Vec<Event>) {
    let start = |kind| Event::FieldStarted(FieldStarted { path: path.to_owned(), kind });
    match value {
        Value::String(text) => {
            events.push(start(Kind::Text));
            for letter in text.chars() {
                let (path, text) = (path.to_owned(), letter.to_string());
                events.push(Event::FieldDelta(FieldDelta { path, text }));
            }
        }
        Value::Array(items) => {
            events.push(start(Kind::Array));
            for (index, item) in items.iter().enumerate() {
                written(&format!("{path}/{index}"), item, events);
            }
        }
        Value::Object(members) => {
            if !path.is_empty() {
                events.push(start(Kind::Object));
            }
            for (name, member) in members {
                written(&format!("{path}/{}", escape(name)), member, events);
            }
        }
        value => {
            let (path, value) = (path.to_owned(), value.clone());
            events.push(Event::FieldSet(FieldSet { path, value }));
        }
    }
    if !path.is_empty() {
        events.push(Event::FieldCompleted(FieldCompleted { path: path.to_owned() }));
    }
}

fn events(document: &Value, shape: &str) -> Vec<Event> {
    let mut events = vec![Event::Started(Started {
        generation_id: "1".to_owned(),
        provider: String::new(),
        model: String::new(),
        host: None,
        shape: shape.to_owned(),
        input_chars: 1,
    })];
    written("", document, &mut events);
    events
}

/// The generation after its first `count` events.
fn after(events: &[Event], count: usize) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (id, event) in (1..).zip(&events[..count]) {
        snapshot.apply(id, event).unwrap();
    }
    snapshot
}

/// Paths, kinds and whether they are final, as the page would show them.
fn outline(fields: Fields) -> Vec<String> {
    let mut lines = Vec::new();
    for field in fields.get() {
        let kind = match &field.content {
            Content::Text(_) => "text".to_owned(),
            Content::Value(value) => value.to_string(),
            Content::List(_) => "list".to_owned(),
            Content::Object(_) => "object".to_owned(),
        };
        let end = if field.is_final.get_untracked() { "" } else { " …" };
        lines.push(format!("{} {kind}{end}", field.path));
        lines.extend(field.fields().into_iter().flat_map(outline));
    }
    lines
}

/// Follows from after `joined` events on, with a snapshot in place of those up to `caught_up`.
fn followed(events: &[Event], joined: usize, caught_up: usize) -> Vec<String> {
    let fields = Fields::of(&after(events, joined));
    let caught_up = caught_up.max(joined);
    if caught_up > joined {
        fields.catch_up(&after(events, caught_up));
    }
    let shape = after(events, 1).shape;
    events[caught_up..].iter().for_each(|event| fields.apply(event, &shape));
    outline(fields)
}

#[test]
fn a_document_of_any_shape_is_the_same_however_it_was_followed() {
    with_owner(|| {
        for (shape, count) in [("summary", 2), ("own", 15)] {
            let events = events(&minutes(), shape);
            let whole = outline(Fields::of(&after(&events, events.len())));
            assert_eq!(whole.len(), count);
            for joined in 0..events.len() {
                assert_eq!(followed(&events, joined, 0), whole, "joined after {joined}");
                assert_eq!(followed(&events, joined, joined + 7.min(events.len() - joined)), whole);
            }
        }
    });
}

#[test]
fn a_known_shape_has_its_fields_from_the_beginning_and_no_others() {
    with_owner(|| {
        let fields = Fields::of(&Snapshot::default());
        let events = events(&json!({"summary": "S", "title": "T", "more": 1}), "summary");
        fields.apply(&events[0], "summary");
        let places = ["/title text …", "/summary text …"];
        assert_eq!(outline(fields), places);
        assert!(fields.get().iter().all(|field| !field.is_shown()));
        assert!(!fields.need_names());
        events[1..].iter().for_each(|event| fields.apply(event, "summary"));
        assert_eq!(outline(fields), ["/title text", "/summary text"]);
    });
}

#[test]
fn a_place_becomes_whatever_begins_there() {
    with_owner(|| {
        let fields = Fields::of(&Snapshot { shape: "summary".to_owned(), ..Snapshot::default() });
        let events = events(&json!({"summary": ["one", "two"]}), "summary");
        events.iter().for_each(|event| fields.apply(event, "summary"));
        assert_eq!(
            outline(fields),
            ["/title text …", "/summary list", "/summary/0 text", "/summary/1 text"]
        );
    });
}

/// Any document that a model may write.
fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z 字]{0,3}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c/~0-2]{0,2}", inner, 0..4)
                .prop_map(|all| Value::from(Map::from_iter(all))),
        ]
    });
    prop::collection::btree_map("title|summary|[a-c/~0]{0,2}", value, 0..5)
        .prop_map(|all| Value::from(Map::from_iter(all)))
}

proptest! {
    #[test]
    fn any_document_is_the_same_however_it_was_followed(
        document in documents(),
        joined in any::<prop::sample::Index>(),
        caught_up in any::<prop::sample::Index>(),
    ) {
        with_owner(|| {
            let events = events(&document, "own");
            let whole = outline(Fields::of(&after(&events, events.len())));
            let at = |index: &prop::sample::Index| index.index(events.len() + 1);
            assert_eq!(followed(&events, at(&joined), at(&caught_up)), whole);
        });
    }
}
