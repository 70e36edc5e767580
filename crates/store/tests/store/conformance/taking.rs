//! Exports, imports, shares and sessions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use protocol::conversation::Persona;
use protocol::{
    Completed, Coverage, Event, FieldCompleted, FieldDelta, FieldStarted, Kind, Snapshot, Started,
    Timings,
};
use store::{
    ArchiveCheck, ArchiveEntries, ArchiveEntry, ArchivePlace, ArchiveStore, Batch,
    ConversationStore, Error, Import, Imported, PersonaChange, Record, Session, SessionStore,
    Share, ShareStore, ShareSubject, Store, TurnOutcome, TurnPlace, TurnRecord,
};

use super::conversations::{follows, new};
use super::{Place, open};
use crate::sample::{born, create, record, replay, reply};

/// Entries in memory.
struct Entries(Vec<ArchiveEntry>);

impl ArchiveEntries for Entries {
    fn read(&self, take: &mut dyn FnMut(ArchiveEntry) -> Result<(), Error>) -> Result<(), Error> {
        self.0.iter().cloned().try_for_each(take)
    }
}

async fn export(store: &dyn Store, owner: &str) -> Vec<ArchiveEntry> {
    let (mut entries, mut place) = (Vec::new(), ArchivePlace::default());
    while let Some((next, entry)) = store.next_archived(owner, place).await.unwrap() {
        entries.push(entry);
        place = next;
    }
    entries
}

fn import_of(entries: Vec<ArchiveEntry>) -> Import {
    let made = AtomicU64::new(0);
    Import {
        entries: Arc::new(Entries(entries)),
        fresh_id: Arc::new(move || Ok(format!("fresh{}", made.fetch_add(1, Ordering::Relaxed)))),
    }
}

/// A record whose log is a real one, what follows in that, and what they add up to.
fn written(record: Record, field: &str, text: &str) -> (Record, Batch, Snapshot) {
    let path = format!("/{field}");
    let Snapshot { id, provider, model, host, shape, input_chars, .. } = record.snapshot.clone();
    let started = Started { generation_id: id, provider, model, host, shape, input_chars };
    let mut events = vec![
        Event::Started(started),
        Event::FieldStarted(FieldStarted { path: path.clone(), kind: Kind::Text }),
    ];
    let pieces = text.split_inclusive(' ');
    events.extend(
        pieces.map(|piece| {
            Event::FieldDelta(FieldDelta { path: path.clone(), text: piece.to_owned() })
        }),
    );
    events.push(Event::FieldCompleted(FieldCompleted { path }));
    events.push(Event::Completed(Box::new(Completed {
        finish_reason: "stop".into(),
        usage: None,
        timings: Timings::default(),
        coverage: Coverage::default(),
    })));
    let (mut whole, mut frames, mut first) = (record.snapshot.clone(), Vec::new(), Bytes::new());
    for (id, event) in (1..).zip(&events) {
        whole.apply(id, event).unwrap();
        protocol::encode(id, event, &mut frames);
        if id == 1 {
            first = Bytes::from(std::mem::take(&mut frames));
        }
    }
    let record = Record { first: Batch { first: 1, last: 1, frames: first }, ..record };
    (record, Batch { first: 2, last: whole.cursor, frames: frames.into() }, whole)
}

async fn told(store: &dyn Store, place: TurnPlace, reply_id: &str, text: &str) {
    let (reply, rest, whole) = written(reply(reply_id), "content", text);
    let owner = "someone".to_owned();
    let turn = TurnRecord { owner, place, persona_id: None, reply, idempotency: None };
    let TurnOutcome::New(_, writer) = store.store_turn(turn).await.unwrap() else { panic!() };
    writer.end(rest, &whole).await.unwrap();
}

/// Two documents, one of which runs, a persona of two versions, and a conversation of two branches.
async fn fill(store: &dyn Store) {
    let (record, rest, whole) = written(record("g"), "summary", &"The ice melts. ".repeat(9_999));
    born(store, record).await.end(rest, &whole).await.unwrap();
    create(store, "runs").await;
    let persona = Persona { id: "p".into(), name: "Ada".into(), version: 1, ..Persona::default() };
    store.create_persona("someone", persona).await.unwrap();
    let change = PersonaChange { profile: Some("Likes ice.".into()), ..PersonaChange::default() };
    store.change_persona("someone", "p", change, 7).await.unwrap();
    told(store, new("c"), "r1", "The glacier.").await;
    told(store, follows("c", Some("c"), "q2"), "r2", "Other.").await;
}

pub(crate) async fn what_is_exported_is_imported_as_it_was<P: Place>() {
    let (_place, store) = open::<P>().await;
    fill(&store).await;
    let entries = export(&store, "someone").await;
    let mut check = ArchiveCheck::default();
    entries.iter().for_each(|entry| check.check(entry).unwrap());
    let json = serde_json::to_string(&entries).unwrap();
    assert_eq!(serde_json::from_str::<Vec<ArchiveEntry>>(&json).unwrap(), entries);

    let (_place, other) = open::<P>().await;
    let imported = other.import("someone", import_of(entries.clone())).await.unwrap();
    let expected = Imported { generations: 1, personas: 1, conversations: 1, messages: 4 };
    assert_eq!(imported, expected);
    assert_eq!(export(&other, "someone").await, entries);
    assert_eq!(replay(&other, "g", 3, 1 << 20).await, replay(&store, "g", 3, 1 << 20).await);
    assert_eq!(
        store.stored_bytes("someone").await.unwrap() - other.stored_bytes("someone").await.unwrap(),
        record("runs").input.len() as u64
    );
    let found = other.list("someone", "text", None, 9).await.unwrap();
    assert_eq!(found.generations.len(), 1);
    let found = other.conversations("someone", "glacier q2", None, 9).await.unwrap();
    assert_eq!(found.conversations.len(), 1);
    let said = async |store: &P::Store| {
        store
            .conversation("someone", "c", None, 99, usize::MAX)
            .await
            .unwrap()
            .unwrap()
            .conversation
    };
    assert_eq!(said(&other).await, said(&store).await);

    for (id, index) in [("g", 0), ("c", 2)] {
        let place = other.archive_place("someone", id).await.unwrap().unwrap();
        let (_, first) = other.next_archived("someone", place).await.unwrap().unwrap();
        assert_eq!(first, entries[index]);
        assert_eq!(other.archive_place("someone else", id).await.unwrap(), None);
    }

    let again = other.import("someone", import_of(entries)).await.unwrap();
    assert_eq!(again, Imported::default(), "what is there stays as it is");
}

pub(crate) async fn another_owner_s_ids_are_given_anew<P: Place>() {
    let (_place, store) = open::<P>().await;
    fill(&store).await;
    let entries = export(&store, "someone").await;
    let imported = store.import("someone else", import_of(entries.clone())).await.unwrap();
    assert_eq!((imported.generations, imported.messages), (1, 4));
    let theirs = export(&store, "someone else").await;
    assert_eq!(theirs.len(), entries.len());
    assert_eq!(export(&store, "someone").await, entries);
    let mut check = ArchiveCheck::default();
    theirs.iter().for_each(|entry| check.check(entry).unwrap());
}

pub(crate) async fn an_import_that_fails_leaves_nothing<P: Place>() {
    let (_place, store) = open::<P>().await;
    fill(&store).await;
    let mut entries = export(&store, "someone").await;
    let (_place, other) = open::<P>().await;
    let Some(ArchiveEntry::Message(last)) = entries.last_mut() else { panic!("{entries:?}") };
    last.parent_id = Some("nobody".into());
    assert!(ArchiveCheck::default().check(entries.last().unwrap()).is_err());
    assert!(other.import("someone", import_of(entries)).await.is_err());
    assert_eq!(export(&other, "someone").await, []);
    assert!(other.list("someone", "", None, 9).await.unwrap().generations.is_empty());
}

pub(crate) async fn shares_are_the_owner_s_to_withdraw<P: Place>() {
    let (_place, store) = open::<P>().await;
    fill(&store).await;
    let share = |id: &str, owner: &str, subject: ShareSubject| Share {
        id: id.into(),
        owner: owner.into(),
        subject,
        created_ms: 5,
        is_withdrawn: false,
    };
    let document = || ShareSubject::Generation("g".into());
    let branch = |leaf_id: &str| ShareSubject::Branch {
        conversation_id: "c".into(),
        leaf_id: leaf_id.into(),
    };
    for (owner, subject) in
        [("someone else", document()), ("someone", branch("none")), ("someone else", branch("r1"))]
    {
        assert_eq!(store.share(share("x", owner, subject)).await.unwrap(), None);
    }
    let first = share("s1", "someone", document());
    assert_eq!(store.share(first.clone()).await.unwrap().as_ref(), Some(&first));
    let again = store.share(share("s2", "someone", document())).await.unwrap();
    assert_eq!(again.as_ref(), Some(&first), "it is shared already");
    let second = share("s3", "someone", branch("r1"));
    store.share(second.clone()).await.unwrap();
    assert_eq!(store.shares("someone").await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(store.shares("someone else").await.unwrap(), []);
    assert!(!store.withdraw("someone else", "s1").await.unwrap());
    assert!(store.withdraw("someone", "s1").await.unwrap());
    assert!(store.shared("s1").await.unwrap().unwrap().is_withdrawn);
    assert_eq!(store.shares("someone").await.unwrap(), [second]);
    assert_eq!(store.shared("none").await.unwrap(), None);
}

pub(crate) async fn sessions_end_when_they_are_closed_or_old<P: Place>() {
    let (_place, store) = open::<P>().await;
    let session = |secret: u8, expires_ms| Session {
        secret_hash: vec![secret; 32],
        token_hash: vec![9; 32],
        expires_ms,
    };
    store.open_session(session(1, 100), 0).await.unwrap();
    store.open_session(session(2, 200), 0).await.unwrap();
    assert_eq!(store.session(&[1; 32], 99).await.unwrap(), Some(session(1, 100)));
    assert_eq!(store.session(&[1; 32], 100).await.unwrap(), None);
    store.close_session(&[2; 32]).await.unwrap();
    assert_eq!(store.session(&[2; 32], 0).await.unwrap(), None);
}
