use leptos::{html, prelude::*, task::spawn_local};
use leptos_meta::Title;
use protocol::Status;

use super::{
    announcements::announce_changes,
    byline::Byline,
    chat::AskAboutText,
    document::DocumentView,
    evidence::{PlacePanel, use_evidence},
    export::Export,
    failure::FailureView,
    growing_text::GrowingText,
    share::{Share, Sharing},
    status_line::{CoverageNote, StatusLine},
    time::Time,
};
use crate::{
    commands::{Viewed, fetch_formatted},
    document::{may_be_formatted, members},
    generation_view::GenerationView,
    hooks::{in_time, use_live, use_timings_cache},
    messages::Locale,
    scroll_anchor::go_to_text_end,
    text::{grouped, in_markup, shortened},
    workspace::Workspace,
};

/// How many characters of a title the window's title shows.
const WINDOW_TITLE_CHARS: usize = 60;

/// A generation: its text as it grows, its status, and what the reader can do with it.
#[component]
pub(crate) fn ResultPanel(
    /// The generation as it was loaded.
    view: Viewed,
) -> impl IntoView {
    let Viewed { snapshot, begun_ms, formatted, text } = view;
    let (locale, language) = (Locale::here(), snapshot.language);
    let run = GenerationView::of(&snapshot);
    run.formatted.set(formatted);
    let (fields, thread) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    if snapshot.status == Status::Running {
        use_live(run, begun_ms, fields, thread);
    }
    use_timings_cache(run, snapshot.id.clone(), begun_ms);
    offer_stop(run, snapshot.id.clone());
    announce_changes(run);
    format_when_over(run, snapshot.id.clone());
    let shared_id = snapshot.id.clone();
    let chars = grouped(snapshot.input_chars);
    let length = move || (locale.messages().characters)(&chars);
    use_evidence(run, snapshot.id.clone(), text);
    view! {
        <WindowTitle run/>
        <article
            class="sheet"
            data-testid="sheet"
            data-state=move || run.state()
            data-resyncs=run.resyncs
        >
            <div class="sheet-bar">
                <StatusLine run/>
                <button
                    type="button"
                    class="quiet onward"
                    hidden=move || !run.goes_on_below.get()
                    on:click=move |_| {
                        go_to_text_end();
                        run.goes_on_below.set(false);
                    }
                >
                    {locale.desk_text(|m| m.still_writing_below)}
                </button>
                <Export run id=snapshot.id.clone() fields/>
            </div>
            <CoverageNote run/>
            // Also for paper, with the day.
            <p class="read unscripted" dir="auto">
                <span class="label">{locale.text(|m| m.source)}": "</span>
                {snapshot.preview.clone()}
                <span class="label">
                    " · " {length} " · " <Time epoch_ms=snapshot.created_ms/>
                </span>
            </p>
            <Thoughts run/>
            <div
                class="fields"
                class:named=move || run.document.need_names()
                node_ref=fields
            >
                <div class="thread" aria-hidden="true" data-testid="thread" node_ref=thread></div>
                <DocumentView run language/>
            </div>
            <FailureView run id=snapshot.id.clone()/>
            <div
                class="sharing scripted"
                hidden=move || !(run.has_begun.get() && run.is_over.get())
            >
                <Share sharing=Sharing::Generation id=move |()| shared_id.clone()/>
            </div>
            <AskAboutText run id=snapshot.id.clone()/>
            <Show when=move || run.title().is_none()>
                <Byline run/>
            </Show>
            <PlacePanel/>
        </article>
    }
    .into_any()
}

/// Has texts that are Markdown formatted once they are whole.
fn format_when_over(run: GenerationView, id: String) {
    Effect::new(move |was_over: Option<bool>| {
        let is_over = run.is_over.get();
        let may_be = || {
            run.read(|snapshot| {
                let texts = members(snapshot).into_iter().filter_map(|(_, value)| value.as_str());
                texts.into_iter().any(may_be_formatted)
            })
        };
        if was_over == Some(false) && is_over && may_be() == Some(true) {
            let id = id.clone();
            spawn_local(async move {
                if let Ok(formatted) = in_time(fetch_formatted(id)).await {
                    run.formatted.try_set(formatted);
                }
            });
        }
        is_over
    });
}

/// Lets the workspace stop the generation while it runs and is shown.
fn offer_stop(run: GenerationView, id: String) {
    let workspace = Workspace::here();
    Effect::new(move |_| {
        let runs = run.phase.with(|phase| !phase.is_over());
        workspace.running.set(runs.then(|| id.clone()));
        if !runs {
            workspace.pending_stops.remove(&id);
            workspace.end_writing();
        }
    });
    Effect::new(move |_| {
        if run.outage.get().is_none() {
            workspace.pending_stops.resend();
        }
    });
    on_cleanup(move || {
        workspace.running.try_set(None);
    });
}

/// Shows the title in the window's title, once it is final.
#[component]
fn WindowTitle(run: GenerationView) -> impl IntoView {
    let locale = Locale::here();
    let title = move || {
        let title = run.title().filter(|title| title.is_final.get() || run.is_over.get());
        let title = title.and_then(|title| {
            run.read(|snapshot| {
                shortened(snapshot.document.text_at(&title.path), WINDOW_TITLE_CHARS)
            })
        });
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            in_markup(format!("{title} · Unspool"))
        } else {
            format!("Unspool · {}", locale.messages().tagline)
        }
    };
    view! { <Title text=title/> }
}

/// The reasoning of the model, folded.
#[component]
fn Thoughts(run: GenerationView) -> impl IntoView {
    let locale = Locale::here();
    view! {
        <details class="thoughts" hidden=move || !run.reasoning.begun.get()>
            <summary>{locale.text(|m| m.thoughts)}</summary>
            <GrowingText
                field=run.reasoning
                rendered=run
                    .read(|snapshot| run.reasoning.rendered(&snapshot.reasoning))
                    .unwrap_or_default()
                testid="reasoning".to_owned()
            />
        </details>
    }
    .into_any()
}
