//! Conversations under schedules that nobody would think of.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use engine::{ConversationStream, Cursor, Incoming, SendError};
use futures::FutureExt;
use llm::{ErrorKind, Finish, Scripted, Step};
use proptest::prelude::*;
use protocol::conversation::{ChangeConversation, Conversation, Event, NewTurn};

use crate::bench::{Bench, OWNER, within};

/// What someone does next. Numbers choose among the conversations that there are.
#[derive(Clone, Debug)]
enum Action {
    Ask,
    Say(usize),
    Again(usize),
    Rename(usize),
    Branch(usize),
    Stop(usize),
    Delete(usize),
    /// The viewer takes what is there, as often as that.
    Look(usize),
    /// The viewer comes back with the id of what it saw last.
    Return,
    /// The server has some time for itself.
    Wait,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::Ask),
        6 => (0..4_usize).prop_map(Action::Say),
        2 => (0..4_usize).prop_map(Action::Again),
        2 => (0..4_usize).prop_map(Action::Rename),
        2 => (0..4_usize).prop_map(Action::Branch),
        2 => (0..4_usize).prop_map(Action::Stop),
        1 => (0..4_usize).prop_map(Action::Delete),
        6 => (1..5_usize).prop_map(Action::Look),
        4 => Just(Action::Return),
        4 => Just(Action::Wait),
    ]
}

/// A viewer of all conversations and what it saw.
struct Viewer {
    stream: ConversationStream,
    last: Cursor,
    seen: Vec<Event>,
}

impl Viewer {
    async fn open(bench: &Bench) -> Self {
        let stream = bench.engine.follow_conversations(OWNER, None, None).await.unwrap();
        Self { last: stream.cursor(), stream, seen: Vec::new() }
    }

    async fn come_back(&mut self, bench: &Bench) {
        // Through its text, as over the wire.
        let last = self.last.to_string().parse().unwrap();
        let stream = bench.engine.follow_conversations(OWNER, None, Some(last)).await;
        self.stream = stream.unwrap();
    }

    fn take(&mut self, incoming: Vec<Incoming>) {
        for incoming in incoming {
            if let Incoming::Event(cursor, event) = incoming {
                self.last = cursor;
                self.seen.push(*event);
            }
        }
    }

    async fn look(&mut self, times: usize) {
        for _ in 0..times {
            // Dropped in the middle of a read, the stream is as broken as its connection would be.
            match tokio::time::timeout(Duration::from_millis(20), self.stream.next()).await {
                Ok(incoming) => self.take(incoming.unwrap().unwrap()),
                Err(_) => return,
            }
        }
    }

    /// Reads on until that conversation has its title.
    async fn until_titled(&mut self, id: &str, title: &str) {
        let is_last = |event: &Event| match event {
            Event::TitleChanged(changed) => changed.conversation_id == id && changed.title == title,
            _ => false,
        };
        while !self.seen.iter().any(is_last) {
            let incoming = within(self.stream.next()).await.unwrap().unwrap();
            self.take(incoming);
        }
    }
}

/// What the conversations are for those who act.
#[derive(Default)]
struct World {
    open: Vec<String>,
    deleted: HashSet<String>,
    renamed: usize,
}

impl World {
    fn choose(&self, number: usize) -> Option<String> {
        self.open.get(number % self.open.len().max(1)).cloned()
    }

    async fn act(&mut self, bench: &Bench, action: &Action) {
        let engine = &bench.engine;
        match action {
            Action::Ask => {
                let turn = NewTurn { content: "Why?".into(), ..NewTurn::default() };
                let (stored, _) = engine.send(OWNER, turn, None).await.unwrap();
                self.open.push(stored.conversation_id);
            }
            Action::Say(number) => {
                let conversation_id = self.choose(*number);
                let turn =
                    NewTurn { content: "And?".into(), conversation_id, ..NewTurn::default() };
                if turn.conversation_id.is_some() {
                    refused_at_most(&engine.send(OWNER, turn, None).await);
                }
            }
            Action::Again(number) => {
                if let Some(id) = self.choose(*number) {
                    let conversation = self.snapshot(bench, &id).await;
                    let message = conversation.messages[0].id.clone();
                    refused_at_most(&engine.regenerate(OWNER, id, message, None).await);
                }
            }
            Action::Rename(number) => {
                if let Some(id) = self.choose(*number) {
                    self.renamed += 1;
                    self.rename(bench, &id, &format!("Title {}", self.renamed)).await;
                }
            }
            Action::Branch(number) => {
                if let Some(id) = self.choose(*number) {
                    let leaf_id = Some(self.snapshot(bench, &id).await.messages[1].id.clone());
                    let change = ChangeConversation { title: None, leaf_id };
                    engine.change_conversation(OWNER, &id, change).await.unwrap();
                }
            }
            Action::Stop(number) => {
                if let Some(id) = self.choose(*number) {
                    assert!(engine.stop_reply(OWNER, &id).await.unwrap());
                }
            }
            Action::Delete(number) => {
                if let Some(id) = self.choose(*number) {
                    assert!(engine.delete_conversation(OWNER, &id).await.unwrap());
                    self.open.retain(|open| *open != id);
                    self.deleted.insert(id);
                }
            }
            Action::Wait => tokio::time::sleep(Duration::from_millis(8)).await,
            Action::Look(_) | Action::Return => {}
        }
    }

    async fn rename(&self, bench: &Bench, id: &str, title: &str) {
        let change = ChangeConversation { title: Some(title.to_owned()), leaf_id: None };
        bench.engine.change_conversation(OWNER, id, change).await.unwrap();
    }

    async fn snapshot(&self, bench: &Bench, id: &str) -> Conversation {
        bench.engine.conversation(OWNER, id, None, 1_000).await.unwrap().unwrap()
    }
}

/// Only a reply that is being written may keep a message from being sent.
fn refused_at_most<T>(sent: &Result<T, SendError>) {
    assert!(matches!(sent, Ok(_) | Err(SendError::ReplyRunning(_))));
}

/// Waits until nothing is being written any more.
async fn settle(bench: &Bench) {
    loop {
        let listing = bench.engine.conversations(OWNER, "", None, 1_000).await.unwrap();
        if listing.conversations.iter().all(|listed| listed.reply_id.is_none()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Every reply begins once, ends at most once, and says nothing before or after.
fn assert_in_order(seen: &[Event]) {
    let mut texts: HashMap<&str, Option<String>> = HashMap::new();
    let mut asked = HashSet::new();
    for event in seen {
        match event {
            Event::UserMessage(event) => {
                assert!(asked.insert(&event.message_id), "asked twice");
            }
            Event::Started(event) => {
                assert!(asked.contains(event.parent_id.as_ref().unwrap()), "answered unasked");
                let before = texts.insert(&event.message_id, Some(String::new()));
                assert!(before.is_none(), "begun twice");
            }
            Event::Chunk(event) => match texts.get_mut(event.message_id.as_str()) {
                Some(Some(text)) => text.push_str(&event.content),
                _ => panic!("written before the beginning or after the end"),
            },
            Event::Completed(event) => {
                let text = texts.insert(&event.message_id, None).flatten();
                assert_eq!(text.as_deref(), Some(&*event.final_content));
            }
            Event::Stopped(event) => {
                let text = texts.insert(&event.message_id, None).flatten();
                assert_eq!(text.as_deref(), Some(&*event.final_content));
            }
            Event::Failed(event) => {
                assert!(texts.insert(&event.message_id, None).flatten().is_some());
            }
            _ => {}
        }
    }
}

fn provider(pace_ms: u64, fails: bool) -> Scripted {
    let pace = Step::Wait(Duration::from_millis(pace_ms));
    let text = |text: &str| [pace.clone(), Step::Text(text.into())];
    let pieces = ["It", " was", " cold", "."].into_iter().flat_map(text);
    let end = if fails { Step::Fail(ErrorKind::Broken) } else { Step::Finish(Finish::Stop) };
    Scripted::new(pieces.chain([end]))
}

async fn play(actions: Vec<Action>, pace_ms: u64, fails: bool) {
    let bench = Bench::with(provider(pace_ms, fails)).await;
    let mut viewer = Viewer::open(&bench).await;
    let mut world = World::default();
    for action in &actions {
        world.act(&bench, action).await;
        match action {
            Action::Look(times) => viewer.look(*times).await,
            Action::Return => viewer.come_back(&bench).await,
            _ => {}
        }
    }
    world.act(&bench, &Action::Ask).await;
    settle(&bench).await;
    let last = world.open.last().unwrap().clone();
    world.rename(&bench, &last, "The end").await;
    viewer.come_back(&bench).await;
    viewer.until_titled(&last, "The end").await;

    assert_in_order(&viewer.seen);
    for id in &world.open {
        let mut folded = Conversation { id: id.clone(), ..Conversation::default() };
        viewer.seen.iter().for_each(|event| folded.apply(event));
        let kept = world.snapshot(&bench, id).await;
        assert_eq!(folded, Conversation { cursor: String::new(), ..kept });
    }
    for id in &world.deleted {
        let of_it = |event: &&Event| event.conversation_id() == Some(id);
        let last = viewer.seen.iter().rfind(of_it);
        assert!(matches!(last, Some(Event::Deleted(_))), "{last:?}");
    }
    // Whoever comes now has nothing to be told.
    let fresh = Viewer::open(&bench).await;
    assert!({ fresh }.stream.next().now_or_never().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_events_add_up_whenever_a_viewer_looks_and_comes_back(
        actions in proptest::collection::vec(action(), 5..60),
        pace_ms in 0..8_u64,
        fails in proptest::bool::weighted(0.2),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(play(actions, pace_ms, fails));
    }
}
