use leptos::{html, prelude::*, task::spawn_local};
use protocol::{Language, Length, NewGeneration};
use web_sys::HtmlTextAreaElement;

use crate::{
    attempt::Attempt,
    backend::About,
    browser, commands,
    commands::Viewed,
    draft::{Choices, Draft, EarlyChoices},
    fault::Fault,
    hooks::{insist, text_in_time},
    stop_wishes::StopWishes,
    surroundings::about,
    text::Measure,
    words::Locale,
};

/// What source, actions and sheet share.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// The text box. It holds the text itself: no copy is kept beside it.
    pub(crate) source: NodeRef<html::Textarea>,
    /// Summarise, or Stop while something runs.
    pub(crate) button: NodeRef<html::Button>,
    pub(crate) measure: RwSignal<Measure>,
    pub(crate) language: RwSignal<Language>,
    pub(crate) length: RwSignal<Length>,
    /// What is in the way of starting; empty when nothing is.
    pub(crate) hint: RwSignal<String>,
    /// Whether a generation has been asked for that has no page yet.
    pub(crate) starting: RwSignal<bool>,
    /// The generation that can be stopped.
    pub(crate) running: RwSignal<Option<String>>,
    pub(crate) stop_wishes: StopWishes,
    /// Whether the source is folded to a line where there is no room beside it.
    pub(crate) folded: RwSignal<bool>,
    /// What the reader was writing, while a generation's text is in the box or comes into it; none
    /// while the box is the reader's.
    aside: StoredValue<Option<Draft>>,
    early: StoredValue<EarlyChoices>,
    /// The generation whose text is on its way to the box.
    awaited: StoredValue<Option<String>>,
    /// What was asked for last, unless it was answered.
    unanswered: StoredValue<Option<Attempt>>,
    begun: StoredValue<Option<Viewed>>,
    lead: Callback<String>,
    locale: Locale,
    about: StoredValue<About>,
}

impl Desk {
    /// A tidy desk. `lead` goes to a path.
    pub(crate) fn new(lead: Callback<String>) -> Self {
        Self {
            source: NodeRef::new(),
            button: NodeRef::new(),
            measure: RwSignal::new(Measure { blank: true, ..Measure::default() }),
            language: RwSignal::new(Language::Auto),
            length: RwSignal::new(Length::Medium),
            hint: RwSignal::new(String::new()),
            starting: RwSignal::new(false),
            running: RwSignal::new(None),
            stop_wishes: StopWishes::new(),
            folded: RwSignal::new(false),
            aside: StoredValue::new(Some(Draft::default())),
            early: StoredValue::new(EarlyChoices::here()),
            awaited: StoredValue::new(None),
            unanswered: StoredValue::new(None),
            begun: StoredValue::new(None),
            lead,
            locale: Locale::here(),
            about: StoredValue::new(about()),
        }
    }

    /// The desk in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The text box, as long as it is shown.
    fn text_box(self) -> Option<HtmlTextAreaElement> {
        self.source.try_get_untracked().flatten()
    }

    /// Whether the desk is still shown. Whoever has waited asks: the reader may have left.
    pub(crate) fn is_here(self) -> bool {
        self.text_box().is_some()
    }

    /// The text in the box.
    pub(crate) fn text(self) -> String {
        self.text_box().map(|text_box| text_box.value()).unwrap_or_default()
    }

    /// Puts what the reader has chosen into the box.
    pub(crate) fn put(self, text: &str) {
        self.claim();
        self.show(text);
    }

    fn show(self, text: &str) {
        if let Some(text_box) = self.text_box() {
            text_box.set_value(text);
            text_box.set_scroll_top(0);
        }
        self.weigh();
        self.judge();
    }

    /// Measures the text. Where that is as it was, a hint about something else stays.
    pub(crate) fn weigh(self) {
        let measure = Measure::of(&self.text());
        if self.measure.with_untracked(|before| *before != measure) {
            self.measure.set(measure);
            self.judge();
        }
    }

    /// Says whether the text is too long, and nothing else.
    fn judge(self) {
        let too_long = untrack(|| self.is_over_limit());
        let hint = if too_long { self.locale.words_untracked().too_long } else { "" };
        if self.hint.with_untracked(|now| now != hint) {
            self.hint.set(hint.to_owned());
        }
    }

    /// Whether the text is too long to be sent.
    pub(crate) fn is_over_limit(self) -> bool {
        self.measure.get().request_bytes > self.about.with_value(|about| about.max_input_bytes)
    }

    /// Makes the box the reader's: what is in it is their draft from now on.
    pub(crate) fn claim(self) {
        self.aside.set_value(None);
        self.awaited.set_value(None);
    }

    /// Whether the box is the reader's, not a generation's.
    pub(crate) fn is_own(self) -> bool {
        self.aside.with_value(Option::is_none)
    }

    fn choices(self) -> Choices {
        Choices { language: self.language.get_untracked(), length: self.length.get_untracked() }
    }

    fn draft(self) -> Draft {
        Draft { text: self.text(), choices: self.choices() }
    }

    /// Keeps the reader's text and choices until the tab is closed.
    pub(crate) fn keep_draft(self) {
        if self.is_own() {
            self.draft().keep();
        }
    }

    /// Takes up what was typed before the page could hear it, or else what was kept.
    pub(crate) fn find_draft(self) {
        if self.text().is_empty() {
            self.aside.set_value(Some(Draft::kept()));
        } else {
            self.claim();
            self.weigh();
            self.choose(self.choices());
            self.keep_draft();
        }
    }

    /// Gives the box back to the reader, with their draft in it.
    pub(crate) fn restore_draft(self) {
        let draft = self.aside.try_update_value(Option::take).flatten();
        self.claim();
        let Some(draft) = draft else { return };
        self.choose(draft.choices);
        if draft.text != self.text() {
            self.show(&draft.text);
        }
    }

    /// Chooses these, but for what the reader has chosen before the page could hear it.
    pub(crate) fn choose(self, choices: Choices) {
        let early = self.early.try_update_value(std::mem::take).unwrap_or_default();
        let Choices { language, length } = early.over(choices);
        self.language.set(language);
        self.length.set(length);
    }

    fn set_draft_aside(self) {
        if self.is_own() {
            self.keep_draft();
            self.aside.set_value(Some(self.draft()));
        }
    }

    /// Lends the box to generation `id`, for its `text`, which is asked for where it is not known.
    pub(crate) fn lend(self, id: String, text: Option<String>) {
        self.set_draft_aside();
        self.awaited.set_value(None);
        match text {
            Some(text) => self.show(&text),
            None => self.fetch(id),
        }
    }

    /// Brings the text that generation `id` reads, unless another is wanted meanwhile.
    fn fetch(self, id: String) {
        self.awaited.set_value(Some(id.clone()));
        let awaited = id.clone();
        let is_wanted =
            move || self.is_here() && self.awaited.with_value(|now| now.as_ref() == Some(&awaited));
        spawn_local(async move {
            match insist(|| text_in_time(commands::input(id.clone())), &is_wanted).await {
                Some(Ok(text)) if is_wanted() => self.show(&text),
                Some(Err(fault)) if is_wanted() => self.complain(fault),
                _ => {}
            }
        });
    }

    /// Starts a generation of the text in the box, or says why not.
    pub(crate) fn start(self) {
        self.weigh();
        self.judge();
        let words = self.locale.words_untracked();
        if self.measure.get_untracked().blank {
            self.hint.set(words.blank.to_owned());
            if let Some(text_box) = self.text_box() {
                let _ = text_box.focus();
            }
        } else if !untrack(|| self.is_over_limit()) {
            self.keep_draft();
            self.send(self.text());
        }
    }

    /// Starts again what generation `id` was to do. Another text in the box stays there.
    pub(crate) fn start_again(self, id: String) {
        self.judge();
        spawn_local(async move {
            let text = text_in_time(commands::input(id)).await;
            if !self.is_here() {
                return;
            }
            match text {
                Ok(text) => {
                    if self.has_another(&text) {
                        self.keep_draft();
                        self.hint.set(self.locale.words_untracked().again_beside_yours.to_owned());
                    } else {
                        self.set_draft_aside();
                        self.show(&text);
                    }
                    self.send(text);
                }
                Err(fault) => self.complain(fault),
            }
        });
    }

    /// Whether the reader has written another text than `text`.
    fn has_another(self, text: &str) -> bool {
        let own = self.text();
        self.is_own() && !Measure::of(&own).blank && !is_same(&own, text)
    }

    fn send(self, text: String) {
        if self.starting.get_untracked() || self.running.with_untracked(Option::is_some) {
            return;
        }
        self.starting.set(true);
        let attempt = self.attempt_at(NewGeneration {
            text,
            language: self.language.get_untracked(),
            length: self.length.get_untracked(),
            ..NewGeneration::default()
        });
        spawn_local(async move {
            let answer = attempt.make().await;
            if !self.is_here() {
                return;
            }
            if !answer.as_ref().is_err_and(Fault::is_silence) {
                self.unanswered.set_value(None);
            }
            match answer {
                Ok(view) => self.follow(view),
                Err(fault) => self.complain(fault),
            }
            self.starting.set(false);
            browser::rescue_focus(self.button);
        });
    }

    /// The attempt at `request`: the last one still, if it was at the same and nobody answered.
    fn attempt_at(self, request: NewGeneration) -> Attempt {
        let last = self.unanswered.try_update_value(Option::take).flatten();
        let attempt = last
            .filter(|last| last.request == request)
            .unwrap_or_else(|| Attempt::at(request, self.about.get_value()));
        self.unanswered.set_value(Some(attempt.clone()));
        attempt
    }

    fn follow(self, view: Viewed) {
        let path = format!("/g/{}", view.snapshot.id);
        self.awaited.set_value(None);
        self.begun.set_value(Some(view));
        self.lead.run(path);
    }

    /// Stops the running generation.
    pub(crate) fn stop(self) {
        if let Some(id) = self.running.get_untracked() {
            self.stop_wishes.make(id);
        }
    }

    /// Whether the running generation is to be stopped, and has not heard of it yet.
    pub(crate) fn is_stopping(self) -> bool {
        self.running.with(|id| id.as_ref().is_some_and(|id| self.stop_wishes.has(id)))
    }

    fn complain(self, fault: Fault) {
        let words = self.locale.words_untracked();
        self.hint.set(match fault {
            Fault::Unreachable(_) => words.unreachable.to_owned(),
            Fault::TooLargeOnTheWay => words.refused_on_the_way.to_owned(),
            Fault::Refused(problem) => words.refusal(problem.code).unwrap_or(problem.detail),
        });
    }

    /// Generation `id`, if it has just been started here: nothing need be asked for then.
    pub(crate) fn take_begun(self, id: &str) -> Option<Viewed> {
        self.begun.try_update_value(|begun| begun.take_if(|view| view.snapshot.id == id))?
    }
}

/// Whether the box holds `text`: in a box, every line ends in a newline alone.
fn is_same(in_box: &str, text: &str) -> bool {
    in_box == text || in_box == text.replace("\r\n", "\n").replace('\r', "\n")
}
