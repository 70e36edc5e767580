use leptos::prelude::*;
use leptos_router::components::A;
use protocol::{Failure, FailureCode};

use crate::{
    generation_view::{GenerationView, Phase},
    messages::{FailureMessage, Locale},
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
                    <Sentences run code=failure.code/>
                    {button()}
                    {is_of_model(failure.code).then(|| {
                        view! {
                            <A href="/settings" attr:class="quiet">
                                {locale.settings_text(|m| m.check_model)}
                            </A>
                        }
                    })}
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

#[component]
fn Sentences(run: GenerationView, code: FailureCode) -> impl IntoView {
    let locale = Locale::here();
    let written = run.has_begun.get_untracked();
    let message = move || -> FailureMessage { (locale.messages().failure)(code) };
    let then = move || {
        let messages = locale.messages();
        if written {
            messages.join_sentences(messages.kept, message().then)
        } else {
            message().then.to_owned()
        }
    };
    view! {
        <p class="what">{move || message().what}</p>
        <p>{then}</p>
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
