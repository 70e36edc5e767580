use protocol::Status;
use protocol::conversation::Role;
use serde_json::json;
use store::{
    Change, Changing, ConversationStore, Creation, EntryKind, Error, Idempotency, LogWriter,
    MessageRecord, NotStored, Record, Store, StoredTurn, TitleOrigin, TurnOutcome, TurnPlace,
    TurnRecord,
};

use super::{Place, open};
use crate::sample::{batch, complete, reply};

fn message(id: &str) -> MessageRecord {
    MessageRecord { id: id.into(), content: format!("What of {id}?") }
}

fn turn(place: TurnPlace, reply_id: &str) -> TurnRecord {
    let owner = "someone".to_owned();
    TurnRecord { owner, place, persona_id: None, reply: reply(reply_id), idempotency: None }
}

pub(super) fn new(id: &str) -> TurnPlace {
    let title = format!("Title of {id}");
    TurnPlace::New(
        Creation { id: id.into(), title, generation_id: None },
        message(&format!("{id}-q")),
    )
}

pub(super) fn follows(id: &str, parent: Option<&str>, question: &str) -> TurnPlace {
    TurnPlace::Follows {
        conversation_id: id.into(),
        parent_id: parent.map(str::to_owned),
        message: message(question),
    }
}

async fn stored(store: &dyn Store, turn: TurnRecord) -> (StoredTurn, Box<dyn LogWriter>) {
    match store.store_turn(turn).await.unwrap() {
        TurnOutcome::New(stored, writer) => (stored, writer),
        TurnOutcome::Not(not) => panic!("{not:?}"),
    }
}

async fn refused(store: &dyn Store, turn: TurnRecord) -> NotStored {
    match store.store_turn(turn).await.unwrap() {
        TurnOutcome::New(..) => panic!("it was stored"),
        TurnOutcome::Not(not) => not,
    }
}

/// Stores a turn whose reply says this and is complete.
async fn told(store: &dyn Store, place: TurnPlace, reply_id: &str, text: &str) -> StoredTurn {
    let (stored, writer) = self::stored(store, turn(place, reply_id)).await;
    let mut whole = reply(reply_id).snapshot;
    (whole.status, whole.cursor) = (Status::Completed, 2);
    whole.document = json!({"content": text}).into();
    writer.end(batch(2, 2), &whole).await.unwrap();
    stored
}

async fn ids(store: &dyn Store, id: &str) -> Vec<String> {
    let page = store.conversation("someone", id, None, 100, usize::MAX).await.unwrap().unwrap();
    page.conversation.messages.into_iter().map(|message| message.id).collect()
}

pub(crate) async fn a_turn_is_stored_with_what_happened<P: Place>() {
    let (_place, store) = open::<P>().await;
    let (first, writer) = stored(&store, turn(new("c"), "r")).await;
    assert_eq!((first.before, first.seq), (0, 2));
    let page = store.conversation("someone", "c", None, 100, usize::MAX).await.unwrap().unwrap();
    assert_eq!((page.head, page.title_origin), (2, TitleOrigin::Message));
    assert_eq!(page.running.len(), 1);
    let [asked, answer] = &page.conversation.messages[..] else { panic!("{page:?}") };
    assert_eq!((asked.role, &*asked.content), (Role::User, "What of c-q?"));
    assert_eq!((answer.role, answer.status), (Role::Assistant, Status::Running));
    assert_eq!(answer.parent_id.as_deref(), Some("c-q"));
    assert_eq!(page.conversation.leaf_id.as_deref(), Some("r"));

    let entries = store.entries("someone", None, 0, 10, 1000).await.unwrap();
    assert!(entries.is_last && entries.seq == 2);
    let EntryKind::UserMessage(asked) = &entries.entries[0].kind else { panic!("{entries:?}") };
    assert_eq!(asked.title.as_deref(), Some("Title of c"));
    let EntryKind::Reply(entry) = &entries.entries[1].kind else { panic!("{entries:?}") };
    assert_eq!((entry.seq, &*entry.id, &*entry.model), (2, "r", "extractive"));
    assert_eq!(store.reply_at("someone", 2).await.unwrap().as_ref(), Some(entry));
    assert_eq!(store.reply_at("someone", 1).await.unwrap(), None);
    assert_eq!(store.reply_at("someone else", 2).await.unwrap(), None);
    let (running, head) = store.running_replies("someone").await.unwrap();
    assert_eq!((running.as_slice(), head), (std::slice::from_ref(entry), 2));
    drop(writer);
}

pub(crate) async fn a_reply_says_what_its_generation_says<P: Place>() {
    let (_place, store) = open::<P>().await;
    told(&store, new("c"), "r", "Ice.").await;
    let page = store.conversation("someone", "c", None, 100, usize::MAX).await.unwrap().unwrap();
    let answer = &page.conversation.messages[1];
    assert_eq!((&*answer.content, answer.status), ("Ice.", Status::Completed));
    assert!(page.running.is_empty());
    let branch = store.branch("someone", "r", usize::MAX).await.unwrap();
    let texts: Vec<_> = branch.messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!((texts, branch.total), (vec!["Ice.", "What of c-q?"], 2));
    assert!(store.branch("someone else", "r", 9).await.unwrap().messages.is_empty());
    assert_eq!(store.list("someone", "", None, 9).await.unwrap().generations, []);
}

pub(crate) async fn a_conversation_is_a_tree<P: Place>() {
    let (_place, store) = open::<P>().await;
    told(&store, new("c"), "r1", "One").await;
    told(&store, follows("c", None, "q2"), "r2", "Two").await;
    let again = |message: &str| TurnPlace::Again {
        conversation_id: "c".into(),
        message_id: message.into(),
    };
    assert_eq!(told(&store, again("r2"), "r3", "Three").await.message_id, "q2");
    assert_eq!(told(&store, again("c-q"), "r4", "Four").await.message_id, "c-q");
    told(&store, follows("c", Some("r2"), "q5"), "r5", "Five").await;
    told(&store, follows("c", Some("c"), "q6"), "r6", "Six").await;
    assert_eq!(
        ids(&store, "c").await,
        ["c-q", "r1", "q2", "r2", "r3", "r4", "q5", "r5", "q6", "r6"]
    );
    let branch = store.branch("someone", "r5", usize::MAX).await.unwrap();
    let ids: Vec<_> = branch.messages.iter().map(|message| message.id.as_str()).collect();
    assert_eq!((ids, branch.total), (vec!["r5", "q5", "r2", "q2", "r1", "c-q"], 6));
    // Two at least, however little is to be read.
    assert_eq!(store.branch("someone", "r5", 0).await.unwrap().messages.len(), 2);
    assert_eq!(store.branch("someone", "r6", usize::MAX).await.unwrap().total, 2);
}

pub(crate) async fn what_cannot_be_stored_is_said_and_leaves_nothing<P: Place>() {
    let (_place, store) = open::<P>().await;
    let (_, _writer) = stored(&store, turn(new("c"), "r")).await;
    let running = NotStored::ReplyRunning("r".into());
    assert_eq!(refused(&store, turn(follows("c", None, "q"), "x")).await, running);
    let unknown = NotStored::UnknownConversation;
    assert_eq!(refused(&store, turn(follows("none", None, "q"), "x")).await, unknown);
    told(&store, new("d"), "s", "Ice").await;
    let unknown = refused(&store, turn(follows("d", Some("c-q"), "q"), "x")).await;
    assert_eq!(unknown, NotStored::UnknownMessage);
    let persona = Some(Some("none".to_owned()));
    let unknown = TurnRecord { persona_id: persona, ..turn(new("e"), "x") };
    assert_eq!(refused(&store, unknown).await, NotStored::UnknownPersona);
    for source in ["none", "s"] {
        let creation = Creation {
            id: "e".into(),
            title: String::new(),
            generation_id: Some(source.to_owned()),
        };
        let unknown = refused(&store, turn(TurnPlace::New(creation, message("q")), "x")).await;
        assert_eq!(unknown, NotStored::UnknownSource);
    }
    let late =
        TurnRecord { reply: Record { first: batch(2, 2), ..reply("x") }, ..turn(new("e"), "x") };
    assert!(matches!(store.store_turn(late).await, Err(Error::OutOfOrder)));
    assert_eq!(store.snapshot("someone", "x").await.unwrap(), None);
    assert_eq!(store.conversations("someone", "", None, 9).await.unwrap().conversations.len(), 2);
    assert_eq!(store.running_replies("someone").await.unwrap().1, 4);
}

pub(crate) async fn the_same_turn_is_stored_once<P: Place>() {
    let (_place, store) = open::<P>().await;
    let key = |fingerprint: &[u8]| Idempotency { key: "k".into(), fingerprint: fingerprint.into() };
    let keyed = |id: &str, reply: &str, fingerprint: &[u8]| TurnRecord {
        idempotency: Some(key(fingerprint)),
        ..turn(new(id), reply)
    };
    let (first, _writer) = stored(&store, keyed("c", "r", b"body")).await;
    let same = NotStored::SameRequest(first);
    assert_eq!(refused(&store, keyed("d", "s", b"body")).await, same);
    assert_eq!(store.find_turn("someone", &key(b"body")).await.unwrap(), Some(same));
    assert_eq!(refused(&store, keyed("d", "s", b"other")).await, NotStored::OtherRequest);
    assert_eq!(store.find_turn("someone else", &key(b"body")).await.unwrap(), None);
}

pub(crate) async fn lists_and_pages_follow_the_newest_messages<P: Place>() {
    let (_place, store) = open::<P>().await;
    for number in 1..=3 {
        told(&store, new(&format!("c{number}")), &format!("r{number}"), "Ice").await;
    }
    told(&store, follows("c1", None, "ÄPFEL"), "r4", "Ice").await;
    let listed = async |query: &str, before: Option<&str>, limit| {
        let page = store.conversations("someone", query, before, limit).await.unwrap();
        let ids: Vec<_> = page.conversations.into_iter().map(|listed| listed.id).collect();
        (ids, page.next)
    };
    let (first, next) = listed("", None, 2).await;
    assert_eq!(first, ["c1", "c3"]);
    assert_eq!(listed("", next.as_deref(), 2).await, (vec!["c2".to_owned()], None));
    assert_eq!(listed("äpfel", None, 9).await.0, ["c1"]);
    assert_eq!(listed("title OF c2", None, 9).await.0, ["c2"]);
    let lost = store.conversations("someone", "", Some("nobody"), 9).await;
    assert!(matches!(lost, Err(Error::UnknownPlace)));

    let page = store.conversation("someone", "c1", None, 3, usize::MAX).await.unwrap().unwrap();
    let place = page.conversation.next.unwrap();
    let page = store.conversation("someone", "c1", Some(&place), 3, 9).await.unwrap().unwrap();
    assert_eq!(page.conversation.messages[0].id, "c1-q");
    assert_eq!(page.conversation.next, None);
    // By bytes: one at least.
    let page = store.conversation("someone", "c1", None, 9, 0).await.unwrap().unwrap();
    assert_eq!(page.conversation.messages.len(), 1);
    let lost = store.conversation("someone", "c1", Some("nobody"), 9, 9).await;
    assert!(matches!(lost, Err(Error::UnknownPlace)));
}

pub(crate) async fn changes_are_entries_and_the_user_s_title_stays<P: Place>() {
    let (_place, store) = open::<P>().await;
    told(&store, new("c"), "r", "Ice").await;
    let change = async |title: Option<(&str, TitleOrigin)>, leaf: Option<&str>| {
        let title = title.map(|(title, origin)| (title.to_owned(), origin));
        let change = Change { title, leaf_id: leaf.map(str::to_owned) };
        store.change_conversation("someone", "c", change).await.unwrap()
    };
    assert_eq!(change(Some(("Model's", TitleOrigin::Model)), None).await, Changing::Done);
    assert_eq!(change(Some(("Mine", TitleOrigin::User)), Some("c-q")).await, Changing::Done);
    assert_eq!(change(Some(("Late", TitleOrigin::Model)), Some("c-q")).await, Changing::Done);
    assert_eq!(change(None, Some("none")).await, Changing::UnknownMessage);
    let unknown = store.change_conversation("someone else", "c", Change::default()).await.unwrap();
    assert_eq!(unknown, Changing::UnknownConversation);
    let page = store.conversation("someone", "c", None, 9, 99).await.unwrap().unwrap();
    assert_eq!(page.conversation.title, "Mine");
    assert_eq!(page.conversation.leaf_id.as_deref(), Some("c-q"));
    let entries = store.entries("someone", Some("c"), 2, 10, 99).await.unwrap().entries;
    let kinds: Vec<_> = entries.into_iter().map(|entry| entry.kind).collect();
    assert_eq!(
        kinds,
        [
            EntryKind::Title("Model's".into()),
            EntryKind::Leaf("c-q".into()),
            EntryKind::Title("Mine".into()),
        ]
    );
}

pub(crate) async fn a_deleted_conversation_leaves_that_it_was<P: Place>() {
    let (place, store) = open::<P>().await;
    let (_, writer) = stored(&store, turn(new("c"), "r")).await;
    told(&store, new("d"), "s", "Ice").await;
    let busy = store.delete_conversation("someone", "c").await;
    assert!(matches!(busy, Err(Error::Busy)), "{busy:?}");
    let mut stopped = reply("r").snapshot;
    (stopped.status, stopped.cursor) = (Status::Stopped, 2);
    writer.end(batch(2, 2), &stopped).await.unwrap();
    assert!(!store.delete_conversation("someone else", "c").await.unwrap());
    assert!(store.delete_conversation("someone", "c").await.unwrap());
    assert!(!store.delete_conversation("someone", "c").await.unwrap());
    assert_eq!(store.snapshot("someone", "r").await.unwrap(), None);
    assert_eq!(store.reply_at("someone", 2).await.unwrap(), None);
    let (changed, head) = store.changed_conversations("someone", 0, 9).await.unwrap();
    let changed: Vec<_> =
        changed.iter().map(|it| (it.seq, &*it.conversation_id, it.is_deleted)).collect();
    assert_eq!((changed, head), (vec![(4, "d", false), (5, "c", true)], 5));
    let entries = store.entries("someone", Some("c"), 0, 9, 9).await.unwrap().entries;
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].seq, &entries[0].kind), (5, &EntryKind::Deleted));
    let bounds = store.entry_bounds("someone", None, 0, 2).await.unwrap();
    assert_eq!((bounds.head, bounds.floor, bounds.following), (5, 0, 2));
    // Its numbers are not given again, and what is there stays after a kill.
    let survivor = place.killed();
    let store = survivor.open().await;
    told(&store, new("e"), "t", "Ice").await;
    assert_eq!(store.running_replies("someone").await.unwrap().1, 7);
    assert_eq!(ids(&store, "d").await, ["d-q", "s"]);
}

pub(crate) async fn a_source_may_go_and_documents_alone_are_pruned<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "g", "t", "s").await;
    let creation =
        Creation { id: "c".into(), title: "t".into(), generation_id: Some("g".to_owned()) };
    told(&store, TurnPlace::New(creation, message("q")), "r", "Ice").await;
    let deleted = async || {
        let page = store.conversation("someone", "c", None, 9, 99).await.unwrap().unwrap();
        page.conversation.is_source_deleted
    };
    assert!(!deleted().await);
    let keep = store::Retention { max_bytes: Some(0), max_age: None };
    assert_eq!(store.prune(keep, u64::MAX).await.unwrap().removed, 1);
    assert_eq!(store.prune(keep, u64::MAX).await.unwrap().removed, 0);
    assert!(deleted().await);
    assert_eq!(ids(&store, "c").await, ["q", "r"]);
}

pub(crate) async fn old_entries_go_and_numbers_go_on<P: Place>() {
    let (_place, store) = open::<P>().await;
    told(&store, new("c"), "r", "Ice").await;
    for number in 0..10_300 {
        let title = Some((format!("{number}"), TitleOrigin::User));
        let change = Change { title, leaf_id: None };
        store.change_conversation("someone", "c", change).await.unwrap();
    }
    let bounds = store.entry_bounds("someone", None, 0, usize::MAX >> 1).await.unwrap();
    assert_eq!(bounds.head, 10_302);
    assert!(bounds.floor > 0 && bounds.following >= 10_000, "{bounds:?}");
    assert!(bounds.floor + bounds.following == bounds.head, "{bounds:?}");
    // The reply is found though its entry is gone.
    assert_eq!(store.reply_at("someone", 2).await.unwrap().unwrap().id, "r");
}

pub(crate) async fn words_are_found_in_titles_questions_and_replies<P: Place>() {
    let (_place, store) = open::<P>().await;
    told(&store, new("c"), "r1", "The glacier melts.").await;
    told(&store, follows("c", None, "harbour"), "r2", "冰川在融化。").await;
    told(&store, new("d"), "r3", "Nothing of note.").await;
    let found = async |query: &str| -> Vec<String> {
        let listing = store.conversations("someone", query, None, 9).await.unwrap();
        listing.conversations.into_iter().map(|listed| listed.id).collect()
    };
    for (query, expected) in [
        ("glacier", &["c"][..]),
        ("冰川", &["c"]),
        ("川", &["c"]),
        ("harbour glacier title 融化", &["c"]),
        ("title", &["d", "c"]),
        ("glacier note", &[]),
        ("?!", &[]),
        ("", &["d", "c"]),
    ] {
        assert_eq!(found(query).await, expected, "{query}");
    }
    let listing = store.conversations("someone", "冰川", None, 9).await.unwrap();
    assert_eq!(listing.conversations[0].excerpt.as_deref(), Some("冰川在融化。"));
    let change = Change { title: Some(("Zebras".into(), TitleOrigin::User)), leaf_id: None };
    store.change_conversation("someone", "d", change).await.unwrap();
    assert_eq!(found("zebras").await, ["d"]);
    assert_eq!(found("title").await, ["c"]);
    assert!(
        store
            .conversations("someone else", "glacier", None, 9)
            .await
            .unwrap()
            .conversations
            .is_empty()
    );
    assert!(store.delete_conversation("someone", "c").await.unwrap());
    assert_eq!(found("glacier").await, Vec::<String>::new());
}
