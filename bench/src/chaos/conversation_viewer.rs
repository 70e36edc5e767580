use std::collections::{HashMap, HashSet};
use std::time::Duration;

use http::StatusCode;
use protocol::conversation::{Conversation, Event};
use test_support::{Client, EventStream, sse::Message};
use tokio::time::{sleep, timeout};

use super::{run::Run, tally::Violation, viewer::DEADLINE};

/// The longest pause before a reconnect in milliseconds.
const PAUSE_MS: u64 = 60;

/// The title by which a viewer knows that nothing more comes.
pub(super) const LAST_TITLE: &str = "The end of the run";

/// A viewer of all conversations, and what it has received.
pub(super) struct ConversationViewer {
    run: Run,
    last: Option<String>,
    conversations: HashMap<String, Conversation>,
    deleted: HashSet<String>,
    /// What has come of the replies that have begun and not ended.
    texts: HashMap<String, String>,
    ended: HashSet<String>,
    has_ended: bool,
}

impl ConversationViewer {
    /// A viewer that has received the first event, from which it can resume.
    pub(super) async fn join(run: Run) -> Self {
        let mut viewer = Self {
            run,
            last: None,
            conversations: HashMap::new(),
            deleted: HashSet::new(),
            texts: HashMap::new(),
            ended: HashSet::new(),
            has_ended: false,
        };
        while viewer.last.is_none() {
            if let Some(mut stream) = viewer.connect().await
                && let Ok(Some(message)) = stream.advance().await
            {
                viewer.take(&message);
            }
        }
        viewer
    }

    /// Follows all conversations through the whole run, reconnecting as often as needed.
    pub(super) async fn view(mut self, mut rng: fastrand::Rng) -> Self {
        // The run ends some time after it was told to.
        while !self.has_ended {
            if let Some(mut stream) = self.connect().await {
                self.read(&mut stream).await;
            }
            if !self.has_ended {
                self.run.tally.reconnect();
                sleep(Duration::from_millis(rng.u64(..PAUSE_MS))).await;
            }
        }
        self
    }

    /// Opens the stream behind what was received last. There is none while the server does not
    /// answer.
    async fn connect(&mut self) -> Option<EventStream> {
        let after = self.last.as_deref().map(|last| ("last-event-id", last));
        let path = "/api/conversations/stream";
        let stream = self.run.client.try_open(path, after.as_slice()).await.ok()?;
        match stream.status() {
            StatusCode::OK => Some(stream),
            // These mean that the server lacks what this viewer has received.
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
                let status = stream.status();
                self.violation(Violation::Lost, || format!("{status} after {:?}", self.last));
                sleep(Duration::from_secs(1)).await;
                None
            }
            _ => None,
        }
    }

    async fn read(&mut self, stream: &mut EventStream) {
        while !self.has_ended {
            match stream.advance().await {
                Ok(Some(message)) => self.take(&message),
                // It may be idle for longer than others may.
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn take(&mut self, message: &Message) {
        self.run.tally.event();
        self.last = Some(message.id.clone());
        let Ok(event) = Event::decode(&message.event, &message.data) else {
            self.violation(Violation::Lost, || format!("{message:?}"));
            return;
        };
        self.check(&event);
        let Some(id) = event.conversation_id() else { return };
        if let Event::Deleted(_) = event {
            self.conversations.remove(id);
            self.deleted.insert(id.to_owned());
            return;
        }
        if let Event::TitleChanged(changed) = &event {
            self.has_ended |= changed.title == LAST_TITLE;
        }
        let begun = || Conversation { id: id.to_owned(), ..Conversation::default() };
        self.conversations.entry(id.to_owned()).or_insert_with(begun).apply(&event);
    }

    /// Checks that a reply begins once, that nothing of it is missing or repeated, and that nothing
    /// follows its end.
    fn check(&mut self, event: &Event) {
        match event {
            Event::Started(event) => {
                let is_repeated = self.texts.contains_key(&event.message_id)
                    || self.ended.contains(&event.message_id);
                if is_repeated {
                    self.violation(Violation::Repeated, || format!("{event:?}"));
                }
                self.texts.insert(event.message_id.clone(), String::new());
            }
            Event::Chunk(event) => match self.texts.get_mut(&event.message_id) {
                Some(text) => text.push_str(&event.content),
                None => self.violation(Violation::Lost, || format!("{event:?}")),
            },
            Event::Snapshot(conversation) => {
                if let Some(reply) = conversation.running() {
                    self.texts.insert(reply.id.clone(), reply.content.clone());
                }
            }
            Event::Completed(event) => self.end(&event.message_id, Some(&event.final_content)),
            Event::Stopped(event) => self.end(&event.message_id, Some(&event.final_content)),
            Event::Failed(event) => self.end(&event.message_id, None),
            _ => {}
        }
    }

    fn end(&mut self, id: &str, whole: Option<&String>) {
        self.ended.insert(id.to_owned());
        let text = self.texts.remove(id);
        if text.is_none() || whole.is_some() && whole != text.as_ref() {
            self.violation(Violation::Lost, || format!("{id} is not what its chunks add up to"));
        }
    }

    /// Compares what the events added up to with the server's snapshots.
    pub(super) async fn compare(&self, client: Client) {
        for id in &self.deleted {
            if client.get(&format!("/api/conversations/{id}")).await.status != StatusCode::NOT_FOUND
            {
                self.violation(Violation::Differing, || format!("{id} is not deleted"));
            }
        }
        for id in self.run.conversations() {
            let path = format!("/api/conversations/{id}");
            let answer = timeout(DEADLINE, client.get(&path)).await;
            let stored = answer.ok().and_then(|it| serde_json::from_slice(&it.body).ok());
            let Some(stored): Option<Conversation> = stored else {
                self.violation(Violation::Lost, || format!("{id} is not there"));
                continue;
            };
            if let Some(difference) = self.difference(&stored) {
                self.violation(Violation::Differing, || format!("conversation {id}: {difference}"));
            }
        }
    }

    /// What the events added up to that the server's snapshot says otherwise, if anything. Of a long
    /// conversation, the snapshot has the newest messages.
    fn difference(&self, stored: &Conversation) -> Option<String> {
        let Some(folded) = self.conversations.get(&stored.id) else {
            return Some("nothing came of it".to_owned());
        };
        let (title, leaf) = (&stored.title, &stored.leaf_id);
        if (&folded.title, &folded.leaf_id) != (title, leaf) {
            let folded = (&folded.title, &folded.leaf_id);
            return Some(format!("{folded:?} for {:?}", (title, leaf)));
        }
        let (came, there) = (folded.messages.len(), stored.messages.len());
        if came < there || came > there && stored.next.is_none() {
            return Some(format!("{came} messages for {there}"));
        }
        let mut messages = folded.messages.iter().rev().zip(stored.messages.iter().rev());
        let (folded, stored) = messages.find(|(folded, stored)| folded != stored)?;
        Some(format!("{folded:?} for {stored:?}"))
    }

    fn violation(&self, what: Violation, describe: impl FnOnce() -> String) {
        self.run.tally.violation(what, describe);
    }
}
