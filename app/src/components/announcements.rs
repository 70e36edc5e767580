use leptos::prelude::*;

use super::{announcer::Announcer, status_line::phase_name};
use crate::{
    document::{Content, Field},
    generation_view::{GenerationView, Phase},
    messages::{Cause, Locale},
    workspace::Workspace,
};

/// Announces phases and outages to screen readers.
pub(super) fn announce_changes(run: GenerationView) {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    announce_pending_stop(run);
    Effect::new(move |before: Option<Phase>| {
        let phase = run.phase.get();
        let messages = locale.messages_untracked();
        if before.is_some_and(|before| !phase.goes_on_from(&before)) {
            announcer.announce(match &phase {
                Phase::Failed(failure) => {
                    let model = run.author.get_untracked().1;
                    (messages.failure)(Cause::of(failure, &model)).what
                }
                Phase::Completed if !run.has_begun.get_untracked() => {
                    messages.wrote_nothing.to_owned()
                }
                phase => untrack(|| phase_name(run, locale, phase)),
            });
        }
        phase
    });
    // Announces an outage when it begins and when it ends, not each second.
    Effect::new(move |before: Option<bool>| {
        let lost = run.outage.get().is_some();
        let messages = locale.messages_untracked();
        match before {
            Some(false) if lost => announcer.announce(messages.lost_now),
            Some(true) if !lost && run.phase.with_untracked(|phase| !phase.is_over()) => {
                announcer.announce(messages.back);
            }
            _ => {}
        }
        lost
    });
}

/// Announces once that a stop waits for the server.
fn announce_pending_stop(run: GenerationView) {
    let (workspace, locale, announcer) = (Workspace::here(), Locale::here(), Announcer::here());
    Effect::new(move |before: Option<bool>| {
        let waits = workspace.is_stopping() && run.outage.with(Option::is_some);
        if waits && before == Some(false) {
            let messages = locale.messages_untracked();
            announcer.announce(format!("{}: {}", messages.stop, messages.stop_waits));
        }
        waits
    });
}

/// Announces a top-level field when it has become final, with what is in it.
pub(super) fn announce_when_final(run: GenerationView, field: Field) {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    Effect::new(move |before: Option<bool>| {
        let is_final = field.is_final.get();
        let is_news = is_final && !before.unwrap_or(field.was_final);
        if is_news && untrack(|| field.has_content()) {
            untrack(|| announcer.announce(announcement(run, &field, locale)));
        }
        is_final
    });
}

fn announcement(run: GenerationView, field: &Field, locale: Locale) -> String {
    let (label, messages) = (run.label(&field.path, locale), locale.messages());
    match field.content {
        Content::Text(_) => (messages.text_done)(&label, &run.text_at(&field.path)),
        _ => (messages.field_done)(&label, &run.inline(&field.path, locale)),
    }
}
