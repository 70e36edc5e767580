use leptos::prelude::*;

use crate::{
    run::{Phase, Run},
    words::{Locale, Words},
};

/// In words, what is happening.
#[component]
pub(crate) fn StatusLine(run: Run) -> impl IntoView {
    let locale = Locale::here();
    let sentence = move || {
        let words = locale.words();
        let phase = run.phase.get();
        match run.outage.get() {
            Some(seconds) if !phase.is_over() => outage(words, seconds),
            _ if run.has_begun() => sentence(words, &phase),
            _ if phase == Phase::Stopped => words.stopped_short.to_owned(),
            _ if phase == Phase::Gone => words.removed_short.to_owned(),
            _ => sentence(words, &phase),
        }
    };
    let coverage = move || {
        let coverage = run.coverage.get().filter(|all| all.read_chars < all.total_chars)?;
        let percent = coverage.read_chars * 100 / coverage.total_chars.max(1);
        Some(view! { <p class="coverage">{(locale.words().partly_read)(percent)}</p> })
    };
    view! {
        <p class="status" data-testid="status">{sentence}</p>
        {coverage}
    }
    .into_any()
}

fn outage(words: &Words, seconds: u32) -> String {
    if seconds == 0 { words.lost_now.to_owned() } else { (words.lost)(seconds) }
}

/// What a phase is called.
pub(super) fn sentence(words: &Words, phase: &Phase) -> String {
    match phase {
        Phase::Connecting => words.connecting,
        Phase::Waiting(ahead) => return (words.waiting)(*ahead),
        Phase::Reading(Some((part, parts))) => return (words.reading_part)(*part, *parts),
        Phase::Reading(None) => words.reading,
        Phase::Thinking => words.thinking,
        Phase::WritingTitle => words.writing_title,
        Phase::WritingSummary => words.writing_summary,
        Phase::Completed => words.done,
        Phase::Stopped => words.stopped,
        Phase::Failed(_) => words.failed,
        Phase::Gone => words.removed,
    }
    .to_owned()
}
