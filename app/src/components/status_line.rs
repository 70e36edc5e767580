use leptos::prelude::*;
use protocol::Notice;

use crate::{
    generation_view::{GenerationView, Phase, top_level},
    messages::{Locale, Messages},
};

/// Says what is happening.
#[component]
pub(crate) fn StatusLine(run: GenerationView) -> impl IntoView {
    let locale = Locale::here();
    let sentence = move || {
        let messages = locale.messages();
        let phase = run.phase.get();
        match run.outage.get() {
            Some(seconds) if !phase.is_over() => outage(messages, seconds),
            _ if run.has_begun.get() => phase_name(run, locale, &phase),
            _ if phase == Phase::Stopped => messages.stopped_short.to_owned(),
            _ if phase == Phase::Gone => messages.removed_short.to_owned(),
            _ => phase_name(run, locale, &phase),
        }
    };
    let coverage = move || {
        let coverage = run.coverage.get()?;
        let percent = coverage.read_chars * 100 / coverage.total_chars.max(1);
        let sentence = match coverage.parts.unwrap_or(1) {
            _ if percent < 100 => (locale.messages().partly_read)(percent),
            parts @ 2.. => (locale.messages().read_in_parts)(parts),
            _ => return None,
        };
        Some(view! { <p class="coverage">{sentence}</p> })
    };
    let percent = Memo::new(move |_| run.phase.with(Phase::percent));
    // The sentence says it, too.
    let bar = move || {
        let percent = percent.get()?;
        Some(view! { <progress class="bar" aria-hidden="true" max="100" value=percent></progress> })
    };
    let notices = move || {
        let notices = run.notices.get().into_iter();
        notices
            .map(|it| view! { <p class="coverage">{notice(locale.messages(), it)}</p> })
            .collect_view()
    };
    view! {
        <p class="status" data-testid="status">{sentence}</p>
        {bar}
        {coverage}
        {notices}
    }
    .into_any()
}

fn notice(messages: &Messages, notice: Notice) -> String {
    match notice.code.as_str() {
        Notice::LANGUAGE_DIFFERS => messages.language_differs.to_owned(),
        _ => notice.message,
    }
}

fn outage(messages: &Messages, seconds: u32) -> String {
    if seconds == 0 { messages.lost_now.to_owned() } else { (messages.lost)(seconds) }
}

/// The text for a phase.
pub(super) fn phase_name(run: GenerationView, locale: Locale, phase: &Phase) -> String {
    let messages = locale.messages();
    match phase {
        Phase::Connecting => messages.connecting,
        Phase::Waiting(ahead) => return (messages.waiting)(*ahead),
        Phase::Reading(Some((part, parts))) => return (messages.reading_part)(*part, *parts),
        Phase::Reading(None) => messages.reading,
        Phase::ReadingPrompt(percent) => return (messages.reading_percent)(*percent),
        Phase::Merging => messages.merging,
        Phase::Thinking => messages.thinking,
        Phase::Writing(path) => {
            return (messages.writing)(&run.label(top_level(path), locale));
        }
        Phase::Completed => messages.done,
        Phase::Stopped => messages.stopped,
        Phase::Failed(_) => messages.failed,
        Phase::Gone => messages.removed,
    }
    .to_owned()
}
