use leptos::prelude::*;

use super::{announcer::Announcer, status_line::phase_name};
use crate::{
    generation_view::{GenerationView, Phase},
    messages::Locale,
    workspace::Workspace,
};

/// Announces phases, finished fields and outages to screen readers.
pub(super) fn announce_changes(run: GenerationView) {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    announce_pending_stop(run);
    for (field, is_title) in [(run.title, true), (run.summary, false)] {
        Effect::new(move |before: Option<bool>| {
            let is_final = field.is_final.get();
            let is_empty = field.text.with_value(String::is_empty);
            if before == Some(false) && is_final && !is_empty {
                let messages = locale.messages_untracked();
                let done = if is_title { messages.title_done } else { messages.summary_done };
                announcer.announce(field.text.with_value(|text| done(text)));
            }
            is_final
        });
    }
    Effect::new(move |before: Option<Phase>| {
        let phase = run.phase.get();
        let messages = locale.messages_untracked();
        if before.is_some_and(|before| is_news(&before, &phase)) {
            announcer.announce(match &phase {
                Phase::Failed(failure) => (messages.failure)(failure.code).what.to_owned(),
                Phase::Completed if !untrack(|| run.has_begun()) => {
                    messages.wrote_nothing.to_owned()
                }
                phase => phase_name(messages, phase),
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

/// Whether a phase is worth announcing: the parts of a text that are read in turn are not.
fn is_news(before: &Phase, now: &Phase) -> bool {
    before != now && !matches!((before, now), (Phase::Reading(_), Phase::Reading(_)))
}
