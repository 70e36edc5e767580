//! What the parts of the page `/chat/{id}` share: the conversation as it is shown, what is on its way
//! to the server, and what the reader can do with it.

pub(crate) mod draft;
mod outbox;
mod reply_pane;
mod rows;

use std::collections::{HashMap, HashSet};

use leptos::{html, prelude::*, task::spawn_local};
use protocol::{
    ProblemCode, Status,
    conversation::{ChangeConversation, Conversation, Event, Message, first_title},
    markdown::{Block, Edit, Inline},
};
use web_sys::Element;

use crate::{
    api_error::ApiError,
    chat::{Change, Driver, Sent},
    commands::conversations::{
        fetch_conversation, regenerate_reply, stop_reply, update_conversation,
    },
    components::Announcer,
    hooks::{Local, Timer, in_time, retry_until_answered},
    messages::Locale,
    model_choice::ModelChoice,
};
pub(crate) use outbox::{Outgoing, OutgoingState};
use reply_pane::ReplyPane;
pub(crate) use rows::{Row, Turn, turns};

/// After how long a message is sent again that a reply was in the way of which this tab does not know,
/// in milliseconds.
const AGAIN_MS: f64 = 2_000.0;

/// A conversation that has just begun, on its way to its page: nothing need be asked for then.
#[derive(Clone, Copy)]
pub(crate) struct BegunConversation(StoredValue<Option<Conversation>>);

impl BegunConversation {
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(None))
    }

    pub(crate) fn put(self, conversation: Conversation) {
        self.0.set_value(Some(conversation));
    }

    /// The conversation of that id, once.
    pub(crate) fn take(self, id: &str) -> Option<Conversation> {
        let take = |begun: &mut Option<Conversation>| begun.take_if(|begun| begun.id == id);
        self.0.try_update_value(take).flatten()
    }
}

/// The elements of the answers that are shown, by their ids.
type Panes = HashMap<String, ReplyPane>;

/// A cheap handle to a conversation as it is shown.
#[derive(Clone, Copy)]
pub(crate) struct ThreadView {
    /// The conversation. It tells when anything changes but the text of a reply that is being written:
    /// that goes straight into its element.
    pub(crate) conversation: RwSignal<Conversation>,
    /// Messages on their way to the server, the first one first.
    pub(crate) outgoing: RwSignal<Vec<Outgoing>>,
    /// The persona that is to answer; empty when nobody in particular is.
    pub(crate) persona: RwSignal<String>,
    /// Which model is to answer.
    pub(crate) model: ModelChoice,
    /// Seconds until the next attempt, while the connection is lost.
    pub(crate) outage: RwSignal<Option<u32>>,
    /// Whether the conversation was deleted while it was shown.
    pub(crate) is_gone: RwSignal<bool>,
    /// Whether the reply that runs is to be stopped, and the server has not answered yet.
    pub(crate) is_stopping: RwSignal<bool>,
    /// What went wrong last with anything but a message; empty when nothing did.
    pub(crate) hint: RwSignal<String>,
    /// The passage of the source that is lit up, and the reply that it belongs to.
    pub(crate) passage: RwSignal<Option<protocol::Span>>,
    /// The box for the next message.
    pub(crate) composer: NodeRef<html::Textarea>,
    /// The replies whose text has begun to come while they were shown.
    begun_replies: RwSignal<HashSet<String>>,
    /// Called with a conversation that was begun here.
    begun: Callback<Conversation>,
    driver: Local<Option<Driver>>,
    panes: Local<Panes>,
    resend: Local<Option<Timer>>,
    locale: Locale,
    announcer: Announcer,
}

impl ThreadView {
    /// A view of what was loaded, or of a conversation that has not begun and has no id. `begun` is
    /// called once it has.
    pub(crate) fn new(conversation: Conversation, begun: Callback<Conversation>) -> Self {
        let persona = conversation.persona_id.clone().unwrap_or_default();
        Self {
            conversation: RwSignal::new(conversation),
            outgoing: RwSignal::default(),
            persona: RwSignal::new(persona),
            model: ModelChoice::here(),
            outage: RwSignal::new(None),
            is_gone: RwSignal::new(false),
            is_stopping: RwSignal::new(false),
            hint: RwSignal::default(),
            passage: RwSignal::new(None),
            composer: NodeRef::new(),
            begun_replies: RwSignal::default(),
            begun,
            driver: Local::new(|| None),
            panes: Local::new(HashMap::new),
            resend: Local::new(|| None),
            locale: Locale::here(),
            announcer: Announcer::here(),
        }
    }

    /// The view in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Whether the conversation exists on the server.
    pub(crate) fn is_begun(self) -> bool {
        self.conversation.with_untracked(|conversation| !conversation.id.is_empty())
    }

    /// The key of the draft of the next message: of one that begins a conversation, what that is about.
    pub(crate) fn draft_key(self) -> String {
        self.conversation.with_untracked(|conversation| match &conversation.generation_id {
            Some(generation_id) if conversation.id.is_empty() => generation_id.clone(),
            _ => conversation.id.clone(),
        })
    }

    /// Whether a reply is being written.
    pub(crate) fn is_running(self) -> bool {
        self.conversation.with(|conversation| conversation.running().is_some())
    }

    /// Follows the conversation for as long as the view lives.
    pub(crate) fn follow(self) {
        Effect::new(move |_| {
            let conversation = self.conversation.get_untracked();
            let driver = Driver::follow(conversation, move |change, conversation| {
                self.show(change, conversation);
            });
            self.driver.set(Some(driver));
        });
        Effect::new(move |_| {
            if !self.is_running() {
                self.is_stopping.set(false);
                self.send_next();
            }
        });
    }

    /// Writes what comes of a reply into this element from now on.
    pub(crate) fn attach(self, reply_id: String, root: Element) {
        let language = self.locale.0.get_untracked();
        let pane = ReplyPane::adopt(root, language.tag());
        self.panes.update(|panes| panes.insert(reply_id, pane));
    }

    /// The element of a reply is gone.
    pub(crate) fn detach(self, reply_id: &str) {
        self.panes.update(|panes| panes.remove(reply_id));
    }

    /// The blocks of a reply, as far as they are known. Where they are not, its text is shown as it is.
    pub(crate) fn blocks(self, reply_id: &str) -> Vec<Block> {
        self.conversation
            .with_untracked(|all| all.message(reply_id).map(blocks_of))
            .unwrap_or_default()
    }

    /// Whether there is any text of a reply.
    pub(crate) fn has_begun(self, id: &str) -> bool {
        self.begun_replies.with(|begun| begun.contains(id))
            || self.conversation.with(|conversation| {
                conversation.message(id).is_some_and(|reply| !reply.content.is_empty())
            })
    }

    /// The text of a message so far.
    pub(crate) fn content(self, id: &str) -> String {
        self.conversation.with_untracked(|conversation| {
            conversation.message(id).map(|message| message.content.clone()).unwrap_or_default()
        })
    }

    fn show(self, change: Change, conversation: &Conversation) {
        match change {
            Change::Applied(event) if matches!(*event, Event::Blocks(_)) => {
                self.conversation.update_untracked(|own| own.apply(&event));
                let Event::Blocks(blocks) = *event else { return };
                self.write(&blocks.message_id, &blocks.edits, None);
            }
            Change::Applied(event) => {
                self.conversation.set(conversation.clone());
                match &*event {
                    Event::Started(started) => {
                        let restart = |panes: &mut Panes| {
                            panes.get_mut(&started.message_id).map(ReplyPane::restart)
                        };
                        self.panes.update(restart);
                    }
                    Event::Completed(end) => {
                        self.write(&end.message_id, &end.edits, Some(Status::Completed));
                    }
                    Event::Stopped(end) => {
                        self.write(&end.message_id, &end.edits, Some(Status::Stopped));
                    }
                    Event::Failed(end) => {
                        self.write(&end.message_id, &end.edits, Some(Status::Failed));
                    }
                    _ => {}
                }
            }
            Change::Replaced => self.rewrite(conversation),
            Change::Outage(seconds) => self.outage.set(seconds),
            Change::Gone => self.is_gone.set(true),
        }
    }

    /// Applies operations to the element of a reply, which may end with them.
    fn write(self, reply_id: &str, edits: &[Edit], end: Option<Status>) {
        if !edits.is_empty() && self.begun_replies.with_untracked(|begun| !begun.contains(reply_id))
        {
            self.begun_replies.update(|begun| {
                begun.insert(reply_id.to_owned());
            });
        }
        let announcement = self.panes.update(|panes| {
            let pane = panes.get_mut(reply_id)?;
            pane.apply(edits);
            pane.announcement(end.is_some())
        });
        let ending = end.and_then(|status| self.ending(status));
        for announcement in announcement.flatten().into_iter().chain(ending) {
            self.announcer.announce(announcement);
        }
    }

    /// Brings everything to what the conversation says.
    fn rewrite(self, conversation: &Conversation) {
        let old = self.conversation.get_untracked();
        self.conversation.set(conversation.clone());
        self.panes.update(|panes| {
            for (id, pane) in panes {
                let Some(now) = conversation.message(id) else { continue };
                let is_same = old.message(id).is_some_and(|before| before.blocks == now.blocks);
                let blocks = blocks_of(now);
                if now.status == Status::Running && blocks.is_empty() {
                    pane.restart();
                } else if !is_same {
                    pane.rewrite(blocks);
                }
            }
        });
    }

    /// What is announced at the end of a reply.
    fn ending(self, status: Status) -> Option<String> {
        let messages = untrack(|| self.locale.chat());
        match status {
            Status::Completed => Some(messages.done.to_owned()),
            Status::Stopped => Some(messages.stopped.to_owned()),
            Status::Failed => Some(self.locale.messages_untracked().failed.to_owned()),
            Status::Running => None,
        }
    }

    /// The server has taken a turn from here.
    fn accepted(self, sent: Sent) {
        let is_begun = self.conversation.try_with_untracked(|all| !all.id.is_empty());
        match is_begun {
            None => {}
            Some(true) => self.with_driver(|driver| driver.sent(sent)),
            Some(false) => {
                let mut conversation = self.conversation.get_untracked();
                let content = sent.message.as_ref().map(|(content, _)| content.as_str());
                conversation.id.clone_from(&sent.turn.conversation_id);
                conversation.title = first_title(content.unwrap_or_default());
                conversation.created_ms = sent.sent_ms;
                conversation.persona_id =
                    Some(self.persona.get_untracked()).filter(|id| !id.is_empty());
                let mut thread = crate::chat::Thread::new(conversation);
                thread.begin(sent);
                self.begun.run(thread.conversation().clone());
            }
        }
    }

    /// Has another version of a reply written.
    pub(crate) fn regenerate(self, reply_id: String) {
        let id = self.conversation.with_untracked(|conversation| conversation.id.clone());
        self.hint.set(String::new());
        spawn_local(async move {
            match in_time(regenerate_reply(id, reply_id)).await {
                Ok(turn) => {
                    self.accepted(Sent { turn, message: None, sent_ms: outbox::now_ms() });
                }
                Err(error) => {
                    self.hint.try_set(self.explain(error));
                }
            }
        });
    }

    /// Stops the reply that is being written.
    pub(crate) fn stop(self) {
        if self.is_stopping.get_untracked() || !untrack(|| self.is_running()) {
            return;
        }
        self.is_stopping.set(true);
        let id = self.conversation.with_untracked(|conversation| conversation.id.clone());
        spawn_local(async move {
            let stop = || in_time(stop_reply(id.clone()));
            let is_wanted = || self.is_stopping.try_get_untracked() == Some(true);
            retry_until_answered(stop, is_wanted).await;
        });
    }

    /// Shows another version of a message, with what was said last below it.
    pub(crate) fn choose_version(self, message_id: &str) {
        let (id, leaf_id) = self.conversation.with_untracked(|conversation| {
            (conversation.id.clone(), conversation.newest_below(message_id).to_owned())
        });
        self.with_driver(|driver| driver.choose_leaf(leaf_id.clone()));
        let change = ChangeConversation { leaf_id: Some(leaf_id), title: None };
        self.change(id, change);
    }

    /// Gives the conversation another title.
    pub(crate) fn rename(self, title: String) {
        let id = self.conversation.with_untracked(|conversation| conversation.id.clone());
        self.with_driver(|driver| driver.choose_title(title.clone()));
        self.change(id, ChangeConversation { title: Some(title), leaf_id: None });
    }

    fn change(self, id: String, change: ChangeConversation) {
        self.hint.set(String::new());
        spawn_local(async move {
            if let Err(error) = in_time(update_conversation(id, change)).await {
                let hint = match error {
                    ApiError::Refused(problem) => problem.detail,
                    _ => untrack(|| self.locale.chat()).not_saved.to_owned(),
                };
                self.hint.try_set(hint);
            }
        });
    }

    /// Loads the messages before those that are here.
    pub(crate) fn load_earlier(self) {
        let (id, next) = self
            .conversation
            .with_untracked(|conversation| (conversation.id.clone(), conversation.next.clone()));
        let Some(next) = next else { return };
        spawn_local(async move {
            match in_time(fetch_conversation(id, Some(next))).await {
                Ok(older) => self.with_driver(|driver| driver.prepend(older)),
                Err(error) => {
                    self.hint.try_set(self.explain(error));
                }
            }
        });
    }

    /// Puts a text into the box for the next message, before what is there.
    pub(crate) fn put_back(self, text: &str) {
        let Some(text_box) = self.composer.get_untracked() else { return };
        let written = text_box.value();
        let gap = if written.is_empty() { "" } else { "\n\n" };
        text_box.set_value(&format!("{text}{gap}{written}"));
        let _ = text_box.focus();
    }

    fn with_driver(self, act: impl FnOnce(&Driver)) {
        self.driver.with(|driver| driver.as_ref().map(act));
    }

    fn send_later(self) {
        let timer = Timer::after(AGAIN_MS, move || self.send_next());
        self.resend.set(timer);
    }

    /// Why something was not done, for people.
    fn explain(self, error: ApiError) -> String {
        let messages = self.locale.messages_untracked();
        match error {
            ApiError::Unreachable(_) => messages.unreachable_short.to_owned(),
            ApiError::TooLargeOnTheWay => messages.refused_on_the_way.to_owned(),
            ApiError::Refused(problem) => match problem.code {
                ProblemCode::InvalidField if problem.field.as_deref() == Some("persona_id") => {
                    untrack(|| self.locale.chat()).persona_gone.to_owned()
                }
                ProblemCode::NotFound | ProblemCode::InvalidField => problem.detail,
                code => messages.refusal(code).unwrap_or(problem.detail),
            },
        }
    }
}

/// The blocks of a reply. Where they are not known, its text is a paragraph.
fn blocks_of(reply: &Message) -> Vec<Block> {
    match &reply.blocks {
        Some(rendered) => rendered.blocks().to_vec(),
        None if reply.content.is_empty() => Vec::new(),
        None => {
            let text = vec![Inline::Text(reply.content.clone())];
            vec![Block::Paragraph { text, continues: false }]
        }
    }
}
