use leptos::prelude::*;

use super::{Probe, remedies::Remedies, span};
use crate::{
    components::Announcer,
    diagnostics::{Phase, Trial, Verdict, judge},
    words::Locale,
};

/// Silence that is worth a word, in milliseconds.
const SILENCE_MS: f64 = 2_000.0;

/// How far the trial is, what it has shown, and what helps.
#[component]
pub(crate) fn VerdictView() -> impl IntoView {
    let (probe, locale, announcer) = (Probe::here(), Locale::here(), Announcer::here());
    let verdict = Memo::new(move |_| probe.trial.with(|trial| judge(trial, probe.now_ms.get())));
    let sentence = Memo::new(move |_| verdict.get().map(|verdict| sentence(locale, verdict)));
    Effect::new(move |_| {
        if probe.trial.with(|trial| trial.phase == Phase::Over) {
            announcer.say(sentence.get().unwrap_or_default());
        }
    });
    // While it goes on, only what one would otherwise wait for in vain.
    let trouble = Memo::new(move |_| verdict.get().filter(is_standstill).map(name));
    Effect::new(move |_| {
        if trouble.get().is_some() {
            announcer.say(sentence.get_untracked().unwrap_or_default());
        }
    });
    let cut = move || {
        let words = locale.diagnostics();
        let (before, next) = probe.trial.with(Trial::last_cut)?;
        Some(next.map_or_else(|| (words.was_cut)(before), |next| (words.went_on)(before, next)))
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
    let words = locale.diagnostics();
    probe.trial.with(|trial| {
        let (come, total) = (trial.arrivals.len() as u64, trial.plan.count);
        let told = match trial.phase {
            Phase::Idle => return words.idle.to_owned(),
            Phase::Over => return (words.over)(come, total),
            Phase::Running if come == 0 => words.waiting.to_owned(),
            Phase::Running => (words.progress)(trial.cursor(), total),
        };
        let silence_ms = trial.silence_ms(probe.now_ms.get());
        if silence_ms < SILENCE_MS + trial.plan.delay_ms {
            return told;
        }
        format!("{told} · {}", (words.silence)(&span(locale, silence_ms)))
    })
}

fn sentence(locale: Locale, verdict: Verdict) -> String {
    let words = locale.diagnostics();
    match verdict {
        Verdict::Fine { late_ms } => (words.fine)(&span(locale, late_ms)),
        Verdict::Uneven { late_ms } => (words.uneven)(&span(locale, late_ms)),
        Verdict::HeldBack { late_ms } => (words.held_back)(&span(locale, late_ms)),
        Verdict::CutOff { after, whole: true, .. } => (words.cut_off_whole)(after),
        Verdict::CutOff { after, total, .. } => (words.cut_off)(after, total),
        Verdict::Leapt { due, came } => (words.leapt)(due, came),
        Verdict::Silent { ms } => (words.silent)(&span(locale, ms)),
        Verdict::Stalled { after, ms } => (words.stalled)(after, &span(locale, ms)),
        Verdict::Away { waits: true, after } => (words.away)(after),
        Verdict::Away { after, .. } => (words.stayed_away)(after),
        Verdict::Returned { after } => (words.returned)(after),
        Verdict::TooFew => words.too_few.to_owned(),
    }
}

/// What stands in `data-verdict`.
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
