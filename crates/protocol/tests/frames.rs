//! Frames: what is encoded is read again; what is merged says the same in fewer words.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use proptest::prelude::*;
use protocol::{Document, Event, FieldDelta, FieldStarted, Frames, Kind, encode, merge};

fn deltas() -> impl Strategy<Value = Vec<(bool, String)>> {
    proptest::collection::vec((any::<bool>(), "\\PC{1,6}|[\"\\\\\n\r\t,:{}]{1,6}"), 0..40)
}

fn log(deltas: &[(bool, String)]) -> Vec<Event> {
    let path = |is_title: bool| if is_title { "/title" } else { "/a~1\",\"text\":\"" }.to_owned();
    let started = [true, false]
        .map(|field| Event::FieldStarted(FieldStarted { path: path(field), kind: Kind::Text }));
    let deltas = deltas.iter().map(|(field, text)| {
        Event::FieldDelta(FieldDelta { path: path(*field), text: text.clone() })
    });
    started.into_iter().chain(deltas).collect()
}

fn fold(bytes: &[u8]) -> Document {
    let mut document = Document::default();
    for frame in Frames::new(bytes) {
        document.apply(&frame.event().unwrap()).unwrap();
    }
    document
}

proptest! {
    #[test]
    fn frames_are_read_as_they_were_written(deltas in deltas()) {
        let log = log(&deltas);
        let mut bytes = Vec::new();
        for (id, event) in (1..).zip(&log) {
            encode(id, event, &mut bytes);
        }
        let read: Vec<_> = Frames::new(&bytes).map(|frame| (frame.id, frame.event().unwrap())).collect();
        prop_assert_eq!(read, (1..).zip(log.clone()).collect::<Vec<_>>());
        for (frame, event) in Frames::new(&bytes).zip(&log) {
            prop_assert_eq!(frame.data, serde_json::to_string(event).unwrap());
        }
    }

    #[test]
    fn merged_frames_fold_to_the_same_document(deltas in deltas()) {
        let log = log(&deltas);
        let mut bytes = Vec::new();
        for (id, event) in (1..).zip(&log) {
            encode(id, event, &mut bytes);
        }
        let mut merged = Vec::new();
        merge(&bytes, &mut merged);
        prop_assert_eq!(fold(&merged), fold(&bytes));
        prop_assert_eq!(
            Frames::new(&merged).last().map(|frame| frame.id),
            Frames::new(&bytes).last().map(|frame| frame.id)
        );
        let runs = deltas.chunk_by(|one, other| one.0 == other.0).count();
        prop_assert_eq!(Frames::new(&merged).count(), 2 + runs);
    }
}
