//! What the parts of the page `/` and `/g/{id}` share: the text box, the choices, and the start of
//! a generation.

mod draft;
mod file;
mod fresh;
mod own_shape;
mod owner;
mod replacing;
mod shape_name;
mod submission;
mod text_box;

use leptos::{html, prelude::*, task::spawn_local};
use protocol::{Language, Length, NewGeneration, ProblemCode};

use web_sys::File;

use crate::{
    api_error::ApiError,
    attempt::Attempt,
    backend::About,
    browser, commands,
    commands::Viewed,
    components::{NoticeId, Notices},
    evidence::EvidenceView,
    hooks::{Local, text_in_time},
    messages::Locale,
    model_choice::ModelChoice,
    page_context::about,
    pending_stops::PendingStops,
    text::{Doubt, Encoding, Measure},
};

pub(crate) use draft::Choices;
pub(crate) use fresh::Fresh;
use owner::Owner;
pub(crate) use shape_name::ShapeName;
use submission::Submission;

/// What the source, the actions and the result share. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct Workspace {
    /// The text box. It alone holds the text, which may be too long for a second copy.
    pub(crate) source: NodeRef<html::Textarea>,
    /// The button that starts a generation, and stops it while it runs.
    pub(crate) button: NodeRef<html::Button>,
    pub(crate) measure: RwSignal<Measure>,
    pub(crate) language: RwSignal<Language>,
    pub(crate) length: RwSignal<Length>,
    pub(crate) shape: RwSignal<ShapeName>,
    /// The JSON Schema of the shape of one's own.
    pub(crate) schema: RwSignal<String>,
    /// Why a generation cannot be started. It is empty when one can.
    pub(crate) hint: RwSignal<String>,
    /// What the reader is asked before the text is sent.
    pub(crate) doubt: RwSignal<Option<Doubt>>,
    /// How the file in the box was read.
    pub(crate) encoding: RwSignal<Option<Encoding>>,
    /// The last file.
    file: Local<Option<File>>,
    notices: Notices,
    /// The way back to the text that was in the box before.
    notice: StoredValue<Option<NoticeId>>,
    /// The generation that is shown, as long as it can be stopped.
    pub(crate) running: RwSignal<Option<String>>,
    pub(crate) pending_stops: PendingStops,
    /// Whether the source is folded to one line on screens that have no room beside it.
    pub(crate) folded: RwSignal<bool>,
    pub(crate) evidence: EvidenceView,
    owner: RwSignal<Owner>,
    submission: RwSignal<Submission<Attempt>>,
    navigate: Callback<String>,
    locale: Locale,
    model: ModelChoice,
    about: StoredValue<About>,
}

impl Workspace {
    /// A workspace with an empty box. `navigate` goes to a path.
    pub(crate) fn new(navigate: Callback<String>) -> Self {
        let Choices { language, length, shape } = Choices::in_form();
        Self {
            source: NodeRef::new(),
            button: NodeRef::new(),
            measure: RwSignal::new(Measure { blank: true, ..Measure::default() }),
            language: RwSignal::new(language),
            length: RwSignal::new(length),
            shape: RwSignal::new(shape),
            schema: RwSignal::new(String::new()),
            hint: RwSignal::new(String::new()),
            doubt: RwSignal::new(None),
            encoding: RwSignal::new(None),
            file: Local::new(|| None),
            notices: Notices::here(),
            notice: StoredValue::new(None),
            running: RwSignal::new(None),
            pending_stops: PendingStops::new(),
            folded: RwSignal::new(false),
            evidence: EvidenceView::new(),
            owner: RwSignal::new(Owner::default()),
            submission: RwSignal::new(Submission::default()),
            navigate,
            locale: Locale::here(),
            model: ModelChoice::here(),
            about: StoredValue::new(about()),
        }
    }

    /// The workspace of the page, from Leptos's context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Starts a generation of the text in the box, unless that looks like a slip: then the reader is
    /// asked first.
    pub(crate) fn start(self) {
        self.measure_text();
        let is_beside_the_point = self.is_busy() || self.measure.get_untracked().blank;
        match Doubt::about(&self.text()).filter(|_| !is_beside_the_point) {
            Some(doubt) => self.doubt.set(Some(doubt)),
            None => self.start_anyway(),
        }
    }

    /// Starts a generation of the text in the box, or says why not.
    pub(crate) fn start_anyway(self) {
        self.doubt.set(None);
        self.measure_text();
        self.check_limit();
        if self.measure.get_untracked().blank {
            self.hint.set(self.locale.messages_untracked().blank.to_owned());
            if let Some(text_box) = self.text_box() {
                let _ = text_box.focus();
            }
        } else if !untrack(|| self.is_over_limit()) {
            self.store_draft();
            self.send(self.text());
        }
    }

    /// Starts another generation of the text of generation `id`. A draft in the box stays there.
    pub(crate) fn start_again(self, id: String) {
        if self.is_busy() {
            return;
        }
        self.check_limit();
        self.submission.update(|submission| submission.fetch(id.clone()));
        spawn_local(async move {
            let text = text_in_time(commands::input(id.clone())).await;
            // The reader may have done something else meanwhile.
            let is_fetching = || self.submission.with_untracked(|all| all.is_fetching(&id));
            if !self.is_shown() || !is_fetching() {
                return;
            }
            self.end_fetching();
            match text {
                Ok(text) => {
                    if self.has_other_draft(&text) {
                        self.store_draft();
                        self.hint
                            .set(self.locale.messages_untracked().again_beside_yours.to_owned());
                    } else {
                        self.lend(id, Some(&text));
                    }
                    self.send(text);
                }
                Err(error) => self.explain(error),
            }
        });
    }

    /// Gives up fetching the text of the generation that was to be started again.
    pub(crate) fn end_fetching(self) {
        self.submission.update(Submission::end_fetching);
    }

    /// Whether a generation is being started that cannot be shown yet.
    pub(crate) fn is_starting(self) -> bool {
        self.submission.with(Submission::is_under_way)
    }

    fn is_busy(self) -> bool {
        untrack(|| self.is_starting()) || self.running.with_untracked(Option::is_some)
    }

    fn send(self, text: String) {
        if self.is_busy() {
            return;
        }
        let Ok(shape) = self.asked_shape() else {
            return self.hint.set(self.locale.messages_untracked().bad_schema.to_owned());
        };
        let request = NewGeneration {
            text,
            language: self.language.get_untracked(),
            length: self.length.get_untracked(),
            model: self.model.asked(),
            shape,
        };
        let attempt = self.submission.try_update(|submission| {
            let is_same = |last: &Attempt| last.request == request;
            submission.send(is_same, || Attempt::at(request.clone(), self.about.get_value()))
        });
        let Some(attempt) = attempt else { return };
        spawn_local(async move {
            let answer = attempt.make().await;
            if !self.is_shown() {
                return;
            }
            match answer {
                Ok(view) => self.accept(view, &attempt.request.text),
                Err(error) => {
                    self.submission.update(|submission| submission.fail(error.leaves_open()));
                    self.explain(error);
                }
            }
            browser::rescue_focus(self.button);
        });
    }

    /// Goes to the page of the generation that was started.
    fn accept(self, view: Viewed, sent: &str) {
        let path = format!("/g/{}", view.snapshot.id);
        self.forget_before();
        self.spend_draft(&view.snapshot.id, sent);
        self.submission.set(Submission::Accepted(Box::new(view)));
        self.navigate.run(path);
    }

    /// Generation `id`, if it was just started here, so that it need not be fetched.
    pub(crate) fn take_accepted(self, id: &str) -> Option<Viewed> {
        self.submission.try_update_untracked(|submission| submission.take_accepted(id))?
    }

    /// Says that something is being written already.
    pub(crate) fn say_still_writing(self) {
        self.hint.set(self.locale.desk_untracked().still_writing.to_owned());
    }

    /// Takes that back once nothing is.
    pub(crate) fn end_writing(self) {
        let said = self.locale.desk_untracked().still_writing;
        if self.hint.with_untracked(|hint| hint == said) {
            self.hint.set(String::new());
        }
    }

    /// Stops the running generation.
    pub(crate) fn stop(self) {
        if let Some(id) = self.running.get_untracked() {
            self.pending_stops.request(id);
        }
    }

    /// Whether a stop of the running generation was requested and the server has not responded yet.
    pub(crate) fn is_stopping(self) -> bool {
        self.running.with(|id| id.as_ref().is_some_and(|id| self.pending_stops.contains(id)))
    }

    /// Shows an error as the hint.
    fn explain(self, error: ApiError) {
        let messages = self.locale.messages_untracked();
        self.hint.set(match error {
            ApiError::Unreachable(_) => messages.unreachable.to_owned(),
            ApiError::TooLargeOnTheWay => messages.refused_on_the_way.to_owned(),
            ApiError::Refused(problem) if problem.code == ProblemCode::NoRoom => {
                messages.join_sentences(messages.no_room, messages.still_here)
            }
            // It names the part of the schema that is not accepted.
            ApiError::Refused(problem) if problem.field.as_deref() == Some("shape") => {
                problem.detail
            }
            ApiError::Refused(problem) => messages.refusal(problem.code).unwrap_or(problem.detail),
        });
    }
}
