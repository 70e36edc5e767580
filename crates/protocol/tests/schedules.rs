//! Whatever a network does to the events, a client ends with the document that was written.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use proptest::prelude::*;
use protocol::{
    Completed, Coverage, Event, FieldCompleted, FieldDelta, FieldStarted, Follower, Kind, Snapshot,
    Started, Step, Timings,
};
use serde_json::json;

/// A log: the events with their ids from 1 on.
fn log(title: &[String], summary: &[String], every: usize) -> Vec<Event> {
    let mut log = vec![Event::Started(Started {
        generation_id: "g".into(),
        provider: "p".into(),
        model: "m".into(),
        host: None,
        shape: "summary".into(),
        input_chars: 1,
    })];
    let mut document = protocol::Document::default();
    for (path, pieces) in [("/title", title), ("/summary", summary)] {
        let path = path.to_owned();
        log.push(Event::FieldStarted(FieldStarted { path: path.clone(), kind: Kind::Text }));
        for text in pieces {
            let text = text.clone();
            log.push(Event::FieldDelta(FieldDelta { path: path.clone(), text }));
        }
        log.push(Event::FieldCompleted(FieldCompleted { path }));
    }
    let mut checked = Vec::new();
    for (index, event) in log.into_iter().enumerate() {
        document.apply(&event).unwrap();
        checked.push(event);
        if index % every == every - 1 {
            checked.push(Event::Checkpoint(document.checkpoint()));
        }
    }
    checked.push(Event::Checkpoint(document.checkpoint()));
    checked.push(Event::Completed(Box::new(Completed {
        finish_reason: "stop".into(),
        usage: None,
        timings: Timings::default(),
        coverage: Coverage::default(),
    })));
    checked
}

/// What the server would say after the first `cursor` events.
fn snapshot(log: &[Event], cursor: usize) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (id, event) in (1..).zip(&log[..cursor]) {
        snapshot.apply(id, event).unwrap();
    }
    snapshot
}

/// What happens to the next event.
#[derive(Clone, Copy, Debug)]
enum Mishap {
    None,
    Dropped,
    Doubled,
    SwappedWithNext,
    /// The connection ends; the client comes back after its cursor.
    Cut,
    /// The client comes back as if it had seen less.
    Rewound,
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        6 => Just(Mishap::None),
        1 => Just(Mishap::Dropped),
        1 => Just(Mishap::Doubled),
        1 => Just(Mishap::SwappedWithNext),
        1 => Just(Mishap::Cut),
        1 => Just(Mishap::Rewound),
    ]
}

/// One connection's delivery from `cursor` on; says whether the client must take the snapshot.
fn connect(
    log: &[Event],
    follower: &mut Follower,
    mishaps: &mut impl Iterator<Item = Mishap>,
) -> bool {
    let mut next = usize::try_from(follower.cursor()).unwrap();
    let mut lost = false;
    while next < log.len() && !lost {
        let mut deliver = |index: usize| {
            if let Some(event) = log.get(index) {
                lost |= follower.take(index as u64 + 1, event) == Step::Lost;
            }
        };
        match mishaps.next().unwrap_or(Mishap::None) {
            Mishap::None => deliver(next),
            Mishap::Dropped => {}
            Mishap::Doubled => {
                deliver(next);
                deliver(next);
            }
            Mishap::SwappedWithNext => {
                deliver(next + 1);
                deliver(next);
                next += 1;
            }
            Mishap::Cut => return false,
            Mishap::Rewound => {
                next = next.saturating_sub(3);
                continue;
            }
        }
        next += 1;
    }
    lost
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn every_schedule_ends_in_the_same_document(
        title in proptest::collection::vec("[a-z界😀]{1,4}", 0..6),
        summary in proptest::collection::vec("[a-z界😀]{1,4}", 0..12),
        every in 2..9_usize,
        mishaps in proptest::collection::vec(mishap(), 0..60),
    ) {
        let log = log(&title, &summary, every);
        let whole = json!({"title": title.concat(), "summary": summary.concat()});
        let mut mishaps = mishaps.into_iter();
        let mut follower = Follower::default();
        while !follower.is_ended() {
            if connect(&log, &mut follower, &mut mishaps) {
                // By the time that the snapshot is asked for, any part of the rest may be there.
                let cursor = usize::try_from(follower.cursor()).unwrap();
                let later = (cursor + 2).min(log.len());
                follower.restart(snapshot(&log, later));
            }
        }
        prop_assert_eq!(follower.document().root(), &whole);
        prop_assert_eq!(follower.cursor(), log.len() as u64);
    }
}

proptest! {
    #[test]
    fn a_snapshot_is_the_same_after_a_way_as_json(
        title in proptest::collection::vec("\\PC{1,4}", 0..6),
        summary in proptest::collection::vec("\\PC{1,4}", 0..12),
    ) {
        let log = log(&title, &summary, 3);
        for cursor in 0..log.len() {
            let snapshot = snapshot(&log, cursor);
            let json = serde_json::to_string(&snapshot).unwrap();
            prop_assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
        }
    }
}

#[test]
fn a_lost_delta_is_noticed() {
    let log = log(&["a".into(), "b".into()], &[], 100);
    let mut follower = Follower::default();
    let delivered = log.iter().enumerate().filter(|(index, _)| *index != 2);
    let steps: Vec<Step> =
        delivered.map(|(index, event)| follower.take(index as u64 + 1, event)).collect();
    assert!(steps.contains(&Step::Lost), "{steps:?}");
}
