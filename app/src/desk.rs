mod text;

use leptos::{html, prelude::*, task::spawn_local};
use protocol::{Language, Length, NewGeneration, ProblemCode};

use crate::{
    attempt::Attempt,
    backend::About,
    browser, commands,
    commands::Viewed,
    draft::{Draft, EarlyChoices},
    fault::Fault,
    hooks::text_in_time,
    pending_stops::PendingStops,
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
    /// Whether the box holds a sample as it was put there.
    has_sample: RwSignal<bool>,
    /// What is in the way of starting; empty when nothing is.
    pub(crate) hint: RwSignal<String>,
    /// Whether a generation has been asked for that has no page yet.
    pub(crate) starting: RwSignal<bool>,
    /// The generation that can be stopped.
    pub(crate) running: RwSignal<Option<String>>,
    pub(crate) pending_stops: PendingStops,
    /// Whether the source is folded to a line where there is no room beside it.
    pub(crate) folded: RwSignal<bool>,
    /// What the reader was writing, while a generation's text is in the box or comes into it; none
    /// while the box is the reader's.
    aside: StoredValue<Option<Draft>>,
    early: StoredValue<EarlyChoices>,
    /// The generation whose text is on its way to the box.
    awaited: StoredValue<Option<String>>,
    /// The generation whose text is on its way to be sent again.
    retried: StoredValue<Option<String>>,
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
            has_sample: RwSignal::new(false),
            hint: RwSignal::new(String::new()),
            starting: RwSignal::new(false),
            running: RwSignal::new(None),
            pending_stops: PendingStops::new(),
            folded: RwSignal::new(false),
            aside: StoredValue::new(Some(Draft::default())),
            early: StoredValue::new(EarlyChoices::here()),
            awaited: StoredValue::new(None),
            retried: StoredValue::new(None),
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
        if self.is_busy() {
            return;
        }
        self.judge();
        self.starting.set(true);
        self.retried.set_value(Some(id.clone()));
        spawn_local(async move {
            let text = text_in_time(commands::input(id.clone())).await;
            if !self.is_here() || !self.retried.with_value(|now| now.as_ref() == Some(&id)) {
                return;
            }
            self.give_up_retrying();
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

    /// Waits no longer for the text of what was to be tried again: it is there, or the reader has
    /// gone on to something else.
    pub(crate) fn give_up_retrying(self) {
        if self.retried.try_update_value(Option::take).flatten().is_some() {
            self.starting.set(false);
        }
    }

    fn is_busy(self) -> bool {
        self.starting.get_untracked() || self.running.with_untracked(Option::is_some)
    }

    fn send(self, text: String) {
        if self.is_busy() {
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
            if !answer.as_ref().is_err_and(Fault::leaves_open) {
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
            self.pending_stops.request(id);
        }
    }

    /// Whether the running generation is to be stopped, and has not heard of it yet.
    pub(crate) fn is_stopping(self) -> bool {
        self.running.with(|id| id.as_ref().is_some_and(|id| self.pending_stops.contains(id)))
    }

    fn complain(self, fault: Fault) {
        let words = self.locale.words_untracked();
        self.hint.set(match fault {
            Fault::Unreachable(_) => words.unreachable.to_owned(),
            Fault::TooLargeOnTheWay => words.refused_on_the_way.to_owned(),
            Fault::Refused(problem) if problem.code == ProblemCode::NoRoom => {
                words.one_after_another(words.no_room, words.still_here)
            }
            Fault::Refused(problem) => words.refusal(problem.code).unwrap_or(problem.detail),
        });
    }

    /// Generation `id`, if it has just been started here: nothing need be asked for then.
    pub(crate) fn take_begun(self, id: &str) -> Option<Viewed> {
        self.begun.try_update_value(|begun| begun.take_if(|view| view.snapshot.id == id))?
    }
}
