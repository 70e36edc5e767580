//! What the parts of the page `/chat/{id}` share: the conversation as it is shown, what is on its way
//! to the server, and what the reader can do with it.

pub(crate) mod draft;
mod outbox;
mod reply_pane;
mod rows;

use std::collections::{BTreeMap, HashMap, HashSet};

use leptos::{html, prelude::*, task::spawn_local};
use protocol::{
    ProblemCode, Status,
    conversation::{ChangeConversation, Conversation, Event, Message, Role, first_title},
    markdown::{Block, Edit, Rendered},
};
use web_sys::Element;

use crate::{
    api_error::ApiError,
    chat::{Change, Driver, Sent},
    commands::conversations::{
        FormattedConversation, fetch_conversation, regenerate_reply, render_markdown, stop_reply,
        update_conversation,
    },
    components::Announcer,
    hooks::{Local, Timer, in_time, retry_until_answered, text_in_time},
    messages::Locale,
};
pub(crate) use outbox::{Outgoing, OutgoingState};
use reply_pane::ReplyPane;
pub(crate) use rows::{Row, Turn, turns};

/// After how long a message is sent again that a reply was in the way of which this tab does not know,
/// in milliseconds.
const AGAIN_MS: f64 = 2_000.0;

/// An answer as formatted text.
#[derive(Clone, Debug, Default)]
struct Formatted {
    rendered: Rendered,
    /// Whether nothing more comes.
    is_whole: bool,
}

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
    /// The answers as formatted text, by their ids.
    formatted: StoredValue<BTreeMap<String, Formatted>>,
    /// Called with a conversation that was begun here.
    begun: Callback<Conversation>,
    driver: Local<Option<Driver>>,
    /// The elements of the answers that are shown.
    panes: Local<HashMap<String, ReplyPane>>,
    resend: Local<Option<Timer>>,
    locale: Locale,
    announcer: Announcer,
}

impl ThreadView {
    /// A view of what was loaded, or of a conversation that has not begun and has no id. `begun` is
    /// called once it has.
    pub(crate) fn new(loaded: FormattedConversation, begun: Callback<Conversation>) -> Self {
        let FormattedConversation { conversation, blocks } = loaded;
        let formatted = blocks
            .into_iter()
            .map(|(id, blocks)| {
                let reply = conversation.message(&id);
                let is_whole = reply.is_some_and(|reply| reply.status != Status::Running);
                (id, Formatted { rendered: blocks.into(), is_whole })
            })
            .collect();
        let persona = conversation.persona_id.clone().unwrap_or_default();
        Self {
            conversation: RwSignal::new(conversation),
            outgoing: RwSignal::default(),
            persona: RwSignal::new(persona),
            outage: RwSignal::new(None),
            is_gone: RwSignal::new(false),
            is_stopping: RwSignal::new(false),
            hint: RwSignal::default(),
            passage: RwSignal::new(None),
            composer: NodeRef::new(),
            begun_replies: RwSignal::default(),
            formatted: StoredValue::new(formatted),
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

    /// The blocks of a reply, as far as they are known.
    pub(crate) fn blocks(self, reply_id: &str) -> Vec<Block> {
        self.formatted
            .with_value(|all| {
                all.get(reply_id).map(|formatted| formatted.rendered.blocks().to_vec())
            })
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
            Change::Applied(Event::Blocks(blocks)) => {
                self.format(&blocks.message_id, &blocks.edits);
            }
            Change::Applied(event) => {
                self.conversation.set(conversation.clone());
                match &event {
                    Event::Started(started) => self.restart(&started.message_id),
                    Event::Completed(ended) => {
                        self.end(&ended.message_id, &ended.edits, Status::Completed);
                    }
                    Event::Stopped(ended) => {
                        self.end(&ended.message_id, &ended.edits, Status::Stopped);
                    }
                    Event::Failed(ended) => {
                        self.end(&ended.message_id, &ended.edits, Status::Failed);
                    }
                    _ => {}
                }
            }
            Change::Replaced => {
                self.conversation.set(conversation.clone());
                self.format_rest(conversation);
            }
            Change::Outage(seconds) => self.outage.set(seconds),
            Change::Gone => self.is_gone.set(true),
        }
    }

    /// A reply comes from its beginning.
    fn restart(self, reply_id: &str) {
        self.formatted.update_value(|all| {
            all.insert(reply_id.to_owned(), Formatted::default());
        });
        self.panes.update(|panes| panes.get_mut(reply_id).map(ReplyPane::restart));
    }

    /// Applies operations to a reply.
    fn format(self, reply_id: &str, edits: &[Edit]) {
        let fits = self.formatted.try_update_value(|all| {
            let rendered = &mut all.entry(reply_id.to_owned()).or_default().rendered;
            edits.iter().all(|edit| rendered.apply(edit).is_ok())
        });
        if fits != Some(true) {
            // It is formatted anew once it is whole.
            self.formatted.try_update_value(|all| all.remove(reply_id));
            return;
        }
        if !edits.is_empty() && self.begun_replies.with_untracked(|begun| !begun.contains(reply_id))
        {
            self.begun_replies.update(|begun| {
                begun.insert(reply_id.to_owned());
            });
        }
        self.panes.update(|panes| panes.get_mut(reply_id).map(|pane| pane.apply(edits)));
        self.announce_blocks(reply_id, false);
    }

    /// Nothing more comes of a reply than these operations.
    fn end(self, reply_id: &str, edits: &[Edit], status: Status) {
        if !edits.is_empty() {
            self.format(reply_id, edits);
        }
        self.formatted.update_value(|all| {
            if let Some(formatted) = all.get_mut(reply_id) {
                formatted.is_whole = true;
            }
        });
        self.conversation.with_untracked(|conversation| self.format_rest(conversation));
        self.announce_blocks(reply_id, true);
        if let Some(ending) = self.ending(status) {
            self.announcer.announce(ending);
        }
    }

    fn announce_blocks(self, reply_id: &str, is_complete: bool) {
        let announcement = self.panes.update(|panes| {
            panes.get_mut(reply_id).and_then(|pane| pane.announcement(is_complete))
        });
        if let Some(announcement) = announcement.flatten() {
            self.announcer.announce(announcement);
        }
    }

    /// Has the answers formatted that are whole and have come without their blocks.
    fn format_rest(self, conversation: &Conversation) {
        let is_formatted = |reply: &Message| {
            let is_whole = |all: &BTreeMap<String, Formatted>| {
                all.get(&reply.id).is_some_and(|formatted| formatted.is_whole)
            };
            self.formatted.try_with_value(is_whole).unwrap_or(true)
        };
        let replies = conversation
            .messages
            .iter()
            .filter(|message| message.role == Role::Assistant && message.status != Status::Running);
        for reply in replies.filter(|reply| !reply.content.is_empty() && !is_formatted(reply)) {
            // It is asked for once.
            self.formatted.update_value(|all| {
                all.entry(reply.id.clone()).or_default().is_whole = true;
            });
            let (id, text) = (reply.id.clone(), reply.content.clone());
            spawn_local(async move {
                let render = || text_in_time(render_markdown(text.clone()));
                let is_wanted = || self.formatted.try_with_value(|_| ()).is_some();
                if let Some(Ok(blocks)) = retry_until_answered(render, is_wanted).await {
                    self.take_blocks(id, blocks);
                }
            });
        }
    }

    fn take_blocks(self, reply_id: String, blocks: Vec<Block>) {
        self.panes
            .update(|panes| panes.get_mut(&reply_id).map(|pane| pane.rewrite(blocks.clone())));
        self.formatted.try_update_value(|all| {
            all.insert(reply_id, Formatted { rendered: blocks.into(), is_whole: true })
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
                Ok(older) => {
                    let FormattedConversation { conversation, blocks } = older;
                    for (id, blocks) in blocks {
                        self.take_blocks(id, blocks);
                    }
                    self.with_driver(|driver| driver.prepend(conversation));
                }
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
