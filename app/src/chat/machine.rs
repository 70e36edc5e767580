mod stream;
mod tabs;

use protocol::conversation::{Conversation, Event};

use super::{
    Change, Effect, FetchError, Input, Message, Sent, Thread,
    role::{Role, Source, seconds_until},
    thread::Step,
};
use crate::{hooks::Backoff, now::Now, silence::Silence};

/// How long an answer to a request for the conversation may take, in milliseconds.
const DEADLINE_MS: u64 = 8_000;
/// How long the events of a turn that was begun here may take, in milliseconds.
const TURN_MS: u64 = 3_000;
/// After how long without events the conversation is fetched when the tab is shown again, in
/// milliseconds.
const REST_MS: u64 = 60_000;

/// A tab that follows a conversation, without any I/O.
///
/// Whoever drives it calls [`handle`](Self::handle) with each input and carries out the effects in
/// their order, and calls it with [`Input::TimePassed`] when the [deadline](Self::deadline_ms) has
/// come. Inputs that no longer fit, as an event of a stream that was closed, change nothing.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The number that tells this tab from the others.
    tab: u64,
    thread: Thread,
    role: Role,
    is_gone: bool,
    is_hidden: bool,
    /// The last event of this tab's own stream, or what the conversation was loaded with.
    cursor: Option<String>,
    /// Whether the stream was opened without an id, and has not begun yet.
    is_restarting: bool,
    /// When the stream may begin anew next because something was missed.
    restart_ms: u64,
    /// Matters while a reply is being written.
    silence: Silence,
    /// When the last event arrived, by the wall clock.
    event_ms: u64,
    /// Whether the answer to the last request for the conversation is wanted. One that was made before
    /// the stream began anew is older than that.
    awaits_answer: bool,
    /// When a request that has failed is made again.
    refetch_ms: Option<u64>,
    /// Seconds until the next attempt, as they are shown.
    outage: Option<u32>,
    backoff: Backoff,
    /// State of the pseudo-random numbers that keep tabs from trying again all at once.
    seed: u64,
    now: Now,
    effects: Vec<Effect>,
}

impl Machine {
    /// A machine that goes on from a conversation. `tab` is random.
    pub(crate) fn new(conversation: Conversation, tab: u64, is_hidden: bool, now: Now) -> Self {
        let thread = Thread::new(conversation);
        Self {
            tab,
            cursor: thread.cursor(),
            thread,
            role: Role::Inactive,
            is_gone: false,
            is_hidden,
            is_restarting: false,
            restart_ms: 0,
            silence: Silence::begin(now),
            event_ms: now.wall_ms,
            awaits_answer: false,
            refetch_ms: None,
            outage: None,
            backoff: Backoff::default(),
            seed: tab,
            now,
            effects: Vec::new(),
        }
    }

    /// The conversation so far.
    pub(crate) fn conversation(&self) -> &Conversation {
        self.thread.conversation()
    }

    /// When it is to be called at the latest, by the page's clock.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        let silence_ms = self.watches_silence().then_some(self.silence.check_ms);
        [self.role.due_ms(), self.refetch_ms, silence_ms].into_iter().flatten().min()
    }

    /// Takes what has happened, and says what is to be done.
    pub(crate) fn handle(&mut self, input: Input, now: Now) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Join => self.join(),
            Input::Leave => self.leave(),
            Input::StreamOpened | Input::TimePassed => {}
            Input::StreamEvent(event) => self.stream_event(event),
            Input::StreamFailed { refused } => self.stream_failed(refused),
            Input::Fetched(answer) => self.fetched(answer),
            Input::LockGranted => self.lead(),
            Input::LockRefused => self.go_alone(),
            Input::MessageArrived(message) => self.message_arrived(message),
            Input::Sent(sent) => self.sent(sent),
            Input::LeafChosen(leaf_id) => {
                self.thread.choose_leaf(leaf_id);
                self.show(Change::Replaced);
            }
            Input::TitleChosen(title) => {
                self.thread.choose_title(title);
                self.show(Change::Replaced);
            }
            Input::OlderArrived(older) => {
                self.thread.prepend(*older);
                self.show(Change::Replaced);
            }
            Input::Hidden => self.hidden(),
            Input::Shown => self.shown(),
            Input::Online => self.online(),
            Input::Offline => self.stream_failed(false),
        }
        // Timers of hidden tabs are late: whatever wakes the machine brings it up to date.
        self.time_passed();
        std::mem::take(&mut self.effects)
    }

    fn time_passed(&mut self) {
        let now = self.now;
        self.follower_time_passed();
        self.source_time_passed();
        if self.refetch_ms.take_if(|due_ms| *due_ms <= now.clock_ms).is_some() {
            self.fetch();
        }
        if self.watches_silence() && self.silence.poll(now) {
            self.fetch();
        }
    }

    /// Whether events are expected.
    fn watches_silence(&self) -> bool {
        !matches!(self.role, Role::Inactive) && self.thread.is_running()
    }

    fn sent(&mut self, sent: Sent) {
        self.thread.begin(sent);
        self.silence = Silence::with_limit(TURN_MS, self.now);
        self.show(Change::Replaced);
    }

    /// Applies an event, from wherever it came.
    fn apply(&mut self, event: Event) {
        self.silence.restart(self.now);
        self.event_ms = self.now.wall_ms;
        match self.thread.take(&event) {
            Step::Ignored => {}
            Step::Lost => self.lost(),
            Step::Applied if matches!(event, Event::Deleted(_)) => self.vanish(),
            Step::Applied if matches!(event, Event::Snapshot(_)) => self.show(Change::Replaced),
            Step::Applied => {
                let has_failed = matches!(event, Event::Failed(_));
                self.show(Change::Applied(Box::new(event)));
                if has_failed && !self.thread.awaits_snapshot() {
                    self.fetch();
                }
            }
        }
    }

    /// The events that come from now on are all that there are, after a snapshot that is fetched once
    /// they come.
    fn begin_anew(&mut self) {
        self.thread.restart();
        self.awaits_answer = false;
        self.refetch_ms = None;
    }

    fn fetch(&mut self) {
        self.refetch_ms = None;
        self.awaits_answer = true;
        self.effects.push(Effect::Fetch { deadline_ms: DEADLINE_MS });
    }

    fn fetched(&mut self, answer: Result<Box<Conversation>, FetchError>) {
        if !std::mem::take(&mut self.awaits_answer) {
            return;
        }
        match answer {
            Err(FetchError::NotFound) => self.vanish(),
            Err(FetchError::Unavailable) => {
                self.refetch_ms = Some(self.now.clock_ms + self.next_wait_ms());
            }
            Ok(fresh) if self.thread.awaits_snapshot() => {
                self.thread.merge(*fresh);
                self.silence.restart(self.now);
                self.show(Change::Replaced);
            }
            Ok(fresh) => {
                // An event that has arrived meanwhile shows that the stream is well.
                let is_silent = self.silence.is_fetching;
                self.silence.restart(self.now);
                self.thread.fill_failed(&fresh);
                if is_silent && self.thread.is_behind(&fresh) {
                    self.thread.replace(*fresh);
                    self.show(Change::Replaced);
                    self.resync();
                }
            }
        }
    }

    /// Stops following what was deleted.
    fn vanish(&mut self) {
        self.show(Change::Gone);
        self.leave();
        self.is_gone = true;
    }

    fn show(&mut self, change: Change) {
        self.effects.push(Effect::Show(change));
    }

    fn post(&mut self, message: Message) {
        self.effects.push(Effect::Post(message));
    }

    /// Shows an outage, or its end, here and in the tabs that follow.
    fn show_outage(&mut self, outage: Option<u32>) {
        if self.outage == outage {
            return;
        }
        self.outage = outage;
        self.show(Change::Outage(outage));
        if self.role.is_leader()
            && let Some(seconds) = outage
        {
            self.post(Message::Waiting { seconds });
        }
    }

    /// The next wait after a failure, in milliseconds.
    fn next_wait_ms(&mut self) -> u64 {
        // The constants are those of Knuth's MMIX.
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005);
        self.seed = self.seed.wrapping_add(1_442_695_040_888_963_407);
        let random = f64::from(u32::try_from(self.seed >> 32).unwrap_or_default());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds")]
        let wait_ms = self.backoff.next_ms(random / f64::from(u32::MAX)) as u64;
        wait_ms
    }
}
