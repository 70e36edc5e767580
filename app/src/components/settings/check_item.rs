use leptos::prelude::*;
use protocol::{Check, CheckState};

use crate::{components::CopyButton, messages::Locale};

/// What came of one check, and what to do.
#[component]
pub(super) fn CheckItem(check: Check) -> impl IntoView {
    let locale = Locale::here();
    let Check { name, state, sentence, detail, remedy, line } = check;
    let (mark, word) = match state {
        CheckState::Passed => ("✓", "passed"),
        CheckState::Noted => ("!", "noted"),
        CheckState::Failed => ("×", "failed"),
        CheckState::NotTried => ("–", "not-tried"),
    };
    let said = move || {
        let messages = locale.settings();
        match state {
            CheckState::Passed => messages.passed,
            CheckState::Noted => messages.noted,
            CheckState::Failed => messages.failed,
            CheckState::NotTried => messages.not_tried,
        }
    };
    let detail = [Some(detail), remedy].into_iter().flatten().filter(|part| !part.is_empty());
    let detail = detail.collect::<Vec<_>>().join(" ");
    let label = Signal::derive(move || locale.settings().copy_line);
    let copy = line.map(|line| {
        let text = Callback::new(move |()| line.clone());
        view! { <CopyButton label text/> }
    });
    view! {
        <li class=format!("check {word}") data-testid=format!("check-{name}")>
            <span class="check-mark" aria-hidden="true">{mark}</span>
            <div class="check-words">
                <p>
                    <span class="visually-hidden">{said}": "</span>
                    {sentence}
                </p>
                <p class="check-detail">{detail}</p>
            </div>
            {copy}
        </li>
    }
    .into_any()
}
