use leptos::prelude::*;

use super::{announcer::Announcer, status_line::sentence};
use crate::{
    run::{Phase, Run},
    words::Locale,
    workspace::Workspace,
};

/// Says states, finished fields and outages to screen readers.
pub(super) fn narrate(run: Run) {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    narrate_stop(run);
    for (field, is_title) in [(run.title, true), (run.summary, false)] {
        Effect::new(move |before: Option<bool>| {
            let is_final = field.is_final.get();
            let is_empty = field.text.with_value(String::is_empty);
            if before == Some(false) && is_final && !is_empty {
                let words = locale.words_untracked();
                let done = if is_title { words.title_done } else { words.summary_done };
                announcer.say(field.text.with_value(|text| done(text)));
            }
            is_final
        });
    }
    Effect::new(move |before: Option<Phase>| {
        let phase = run.phase.get();
        let words = locale.words_untracked();
        if before.is_some_and(|before| is_news(&before, &phase)) {
            announcer.say(match &phase {
                Phase::Failed(failure) => (words.trouble)(failure.code).what.to_owned(),
                Phase::Completed if !untrack(|| run.has_begun()) => words.wrote_nothing.to_owned(),
                phase => sentence(words, phase),
            });
        }
        phase
    });
    // Once when it is lost and once when it is back, not each second.
    Effect::new(move |before: Option<bool>| {
        let lost = run.outage.get().is_some();
        let words = locale.words_untracked();
        match before {
            Some(false) if lost => announcer.say(words.lost_now),
            Some(true) if !lost && run.phase.with_untracked(|phase| !phase.is_over()) => {
                announcer.say(words.back);
            }
            _ => {}
        }
        lost
    });
}

/// Says once that a stop waits for the server.
fn narrate_stop(run: Run) {
    let (workspace, locale, announcer) = (Workspace::here(), Locale::here(), Announcer::here());
    Effect::new(move |before: Option<bool>| {
        let waits = workspace.is_stopping() && run.outage.with(Option::is_some);
        if waits && before == Some(false) {
            let words = locale.words_untracked();
            announcer.say(format!("{}: {}", words.stop, words.stop_waits));
        }
        waits
    });
}

/// Parts that are read one after the other need no mention each.
fn is_news(before: &Phase, now: &Phase) -> bool {
    before != now && !matches!((before, now), (Phase::Reading(_), Phase::Reading(_)))
}
