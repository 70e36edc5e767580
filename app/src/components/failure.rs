use leptos::prelude::*;
use leptos_router::components::A;
use protocol::{Failure, FailureCode};

use crate::{
    browser,
    generation_view::{GenerationView, Phase},
    hooks::Ticker,
    messages::{Cause, FailureMessage, Locale},
    text::blocks,
    workspace::Workspace,
};

/// Says why the generation failed, stopped or wrote nothing, what was kept, and offers to try
/// again.
#[component]
pub(crate) fn FailureView(
    run: GenerationView,
    /// The generation's id.
    id: String,
) -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let id = StoredValue::new(id);
    let again = move |_| workspace.start_again(id.get_value());
    let button = move || {
        view! {
            <button type="button" class="quiet again scripted" on:click=again>
                {locale.text(|m| m.again)}
            </button>
        }
    };
    move || match run.phase.get() {
        Phase::Failed(failure) => Some(
            view! {
                <section class="trouble" data-testid="failure">
                    <Sentences run failure=failure.clone()/>
                    <p class="ways">
                        {button()}
                        {is_of_model(failure.code).then(|| {
                            view! {
                                <A href="/settings" attr:class="quiet">
                                    {locale.settings_text(|m| m.check_model)}
                                </A>
                            }
                        })}
                    </p>
                    <Details failure/>
                </section>
            }
            .into_any(),
        ),
        Phase::Completed if !run.has_begun.get() => Some(
            view! {
                <section class="trouble" data-testid="failure">
                    <p class="what">{locale.text(|m| m.wrote_nothing)}</p>
                    {button()}
                </section>
            }
            .into_any(),
        ),
        Phase::Stopped => Some(view! { <section class="trouble">{button()}</section> }.into_any()),
        _ => None,
    }
}

/// Whether the checks of the model can tell more.
fn is_of_model(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::ProviderUnreachable
            | FailureCode::ProviderRejected
            | FailureCode::RateLimited
            | FailureCode::ProviderError
            | FailureCode::InvalidOutput
            | FailureCode::TruncatedOutput
            | FailureCode::InputTooLong
            | FailureCode::Timeout
    )
}

/// What happened, in whose words, and what to do.
#[component]
fn Sentences(run: GenerationView, failure: Failure) -> impl IntoView {
    let locale = Locale::here();
    let written = run.has_begun.get_untracked();
    let (said, wait) = (failure.said.clone(), RetryTime::of(run, &failure));
    let message = move || {
        let model = run.author.get().1;
        (locale.messages().failure)(Cause::of(&failure, &model))
    };
    let message = Memo::new(move |_| {
        let FailureMessage { what, then } = message();
        (what, then)
    });
    let then = move || {
        let (messages, then) = (locale.messages(), message.get().1);
        let then = wait.map_or_else(|| then.to_owned(), |wait| wait.sentence(locale));
        if written { messages.join_sentences(messages.kept, &then) } else { then }
    };
    let said = said.map(|said| {
        view! {
            <p class="said">
                {locale.desk_text(|m| m.provider_says)} " "
                <q lang="en" dir="auto" data-testid="said">{said}</q>
            </p>
        }
    });
    view! {
        <p class="what">{move || message.get().0}</p>
        {said}
        <p>{then}</p>
    }
    .into_any()
}

/// When the provider wants to be asked again, as it comes nearer.
#[derive(Clone, Copy)]
struct RetryTime {
    left_s: RwSignal<u64>,
}

impl RetryTime {
    /// None where the provider has not said, or where nobody knows when it did.
    fn of(run: GenerationView, failure: &Failure) -> Option<Self> {
        let wait_ms = failure.retry_after_ms?;
        let left_s = RwSignal::new(wait_ms.div_ceil(1_000));
        // What failed before the page was loaded counts from when it was begun, at the earliest.
        let (created_ms, was_loaded) = (run.created_ms, run.is_loaded());
        Effect::new(move |_| {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
            let from_ms = if was_loaded { created_ms as f64 } else { browser::now_ms() };
            #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
            let due_ms = from_ms + wait_ms as f64;
            let count = move || {
                let left_ms = (due_ms - browser::now_ms()).max(0.0);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "≥ 0")]
                left_s.set((left_ms / 1_000.0).ceil() as u64);
            };
            count();
            StoredValue::new_local(Ticker::every(1_000, count));
        });
        Some(Self { left_s })
    }

    fn sentence(self, locale: Locale) -> String {
        match self.left_s.get() {
            0 => locale.desk().retry_now.to_owned(),
            seconds => (locale.desk().retry_in)(seconds),
        }
    }
}

/// The provider's own message, and what the model wrote in place of a document.
#[component]
fn Details(failure: Failure) -> impl IntoView {
    let locale = Locale::here();
    let output = failure.output.filter(|output| !output.trim().is_empty()).map(|output| {
        let blocks = blocks(&output).into_iter();
        let blocks: Vec<_> =
            blocks.map(|block| view! { <p class="block">{block.text}</p> }).collect();
        view! {
            <details open>
                <summary>{locale.text(|m| m.model_wrote)}</summary>
                <div class="verbatim" dir="auto" tabindex="0" data-testid="output">{blocks}</div>
            </details>
        }
    });
    let message = (!failure.message.is_empty()).then(|| {
        view! {
            <details>
                <summary>{locale.text(|m| m.detail)}</summary>
                <p class="verbatim" lang="en" data-testid="failure-message">{failure.message}</p>
            </details>
        }
    });
    view! { {output} {message} }
}
