use leptos::prelude::*;

use super::{Probe, remedies::Remedies, span};
use crate::{
    components::Announcer,
    diagnostics::{Phase, Trial, Verdict, judge},
    messages::Locale,
};

/// Silence of this many milliseconds is mentioned.
const SILENCE_MS: f64 = 2_000.0;

/// Shows the progress of the trial, the verdict, and what helps.
#[component]
pub(crate) fn VerdictView() -> impl IntoView {
    let (probe, locale, announcer) = (Probe::here(), Locale::here(), Announcer::here());
    let verdict = Memo::new(move |_| probe.trial.with(|trial| judge(trial, probe.now_ms.get())));
    let sentence = Memo::new(move |_| verdict.get().map(|verdict| sentence(locale, verdict)));
    Effect::new(move |_| {
        if probe.trial.with(|trial| trial.phase == Phase::Over) {
            announcer.announce(sentence.get().unwrap_or_default());
        }
    });
    // While the trial runs, a standstill is announced, because the reader would wait in vain.
    let standstill = Memo::new(move |_| verdict.get().filter(is_standstill).map(name));
    Effect::new(move |_| {
        if standstill.get().is_some() {
            announcer.announce(sentence.get_untracked().unwrap_or_default());
        }
    });
    let cut =
        move || {
            let messages = locale.diagnostics();
            let (before, next) = probe.trial.with(Trial::last_cut)?;
            Some(next.map_or_else(
                || (messages.was_cut)(before),
                |next| (messages.went_on)(before, next),
            ))
        };
    view! {
        <p class="status" data-testid="progress">{move || progress(probe, locale)}</p>
        <p class="verdict" data-testid="verdict" data-verdict=move || verdict.get().map(name)>
            {sentence}
        </p>
        <p class="continued" data-testid="continued">{cut}</p>
        <Show when=move || verdict.get().is_some_and(asks_for_remedies)>
            <Remedies/>
        </Show>
    }
    .into_any()
}

fn progress(probe: Probe, locale: Locale) -> String {
    let messages = locale.diagnostics();
    probe.trial.with(|trial| {
        let (come, total) = (trial.arrivals.len() as u64, trial.plan.count);
        let progress = match trial.phase {
            Phase::Idle => return messages.idle.to_owned(),
            Phase::Over => return (messages.over)(come, total),
            Phase::Running if come == 0 => messages.waiting.to_owned(),
            Phase::Running => (messages.progress)(trial.cursor(), total),
        };
        let silence_ms = trial.silence_ms(probe.now_ms.get());
        if silence_ms < SILENCE_MS + trial.plan.delay_ms {
            return progress;
        }
        format!("{progress} · {}", (messages.silence)(&span(locale, silence_ms)))
    })
}

fn sentence(locale: Locale, verdict: Verdict) -> String {
    let messages = locale.diagnostics();
    match verdict {
        Verdict::Fine { late_ms } => (messages.fine)(&span(locale, late_ms)),
        Verdict::Uneven { late_ms } => (messages.uneven)(&span(locale, late_ms)),
        Verdict::HeldBack { late_ms } => (messages.held_back)(&span(locale, late_ms)),
        Verdict::CutOff { after, whole: true, .. } => (messages.cut_off_whole)(after),
        Verdict::CutOff { after, total, .. } => (messages.cut_off)(after, total),
        Verdict::Leapt { due, came } => (messages.leapt)(due, came),
        Verdict::Silent { ms } => (messages.silent)(&span(locale, ms)),
        Verdict::Stalled { after, ms } => (messages.stalled)(after, &span(locale, ms)),
        Verdict::Away { waits: true, after } => (messages.away)(after),
        Verdict::Away { after, .. } => (messages.stayed_away)(after),
        Verdict::Returned { after } => (messages.returned)(after),
        Verdict::TooFew => messages.too_few.to_owned(),
    }
}

/// The value of `data-verdict`.
fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fine { .. } => "fine",
        Verdict::Uneven { .. } => "uneven",
        Verdict::HeldBack { .. } => "held-back",
        Verdict::CutOff { .. } => "cut-off",
        Verdict::Leapt { .. } => "leapt",
        Verdict::Silent { .. } => "silent",
        Verdict::Stalled { .. } => "stalled",
        Verdict::Away { .. } => "away",
        Verdict::Returned { .. } => "returned",
        Verdict::TooFew => "too-few",
    }
}

fn is_standstill(verdict: &Verdict) -> bool {
    use Verdict::{Away, Silent, Stalled};
    matches!(verdict, Silent { .. } | Stalled { .. } | Away { waits: true, .. })
}

fn asks_for_remedies(verdict: Verdict) -> bool {
    use Verdict::{CutOff, HeldBack, Leapt, Silent, Stalled};
    matches!(
        verdict,
        CutOff { .. } | HeldBack { .. } | Leapt { .. } | Silent { .. } | Stalled { .. }
    )
}
