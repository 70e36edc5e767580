use leptos::{html, prelude::*};
use leptos_meta::Title;
use protocol::Status;

use super::{
    announcements::announce_changes,
    chat::AskAboutText,
    document::DocumentView,
    evidence::{PlacePanel, use_evidence},
    export::Export,
    failure::FailureView,
    figures::FiguresView,
    growing_text::GrowingText,
    status_line::StatusLine,
};
use crate::{
    commands::Viewed,
    generation_view::GenerationView,
    hooks::{use_live, use_timings_cache},
    messages::Locale,
    text::{in_markup, shortened},
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
    let Viewed { snapshot, begun_ms, text } = view;
    let (locale, language) = (Locale::here(), snapshot.language);
    let run = GenerationView::of(&snapshot);
    let (fields, thread) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    if snapshot.status == Status::Running {
        use_live(run, begun_ms, fields, thread);
    }
    use_timings_cache(run, snapshot.id.clone(), begun_ms);
    offer_stop(run, snapshot.id.clone());
    announce_changes(run);
    use_evidence(run, snapshot.id.clone(), text);
    view! {
        <WindowTitle run/>
        <article
            class="sheet"
            data-testid="sheet"
            data-state=move || run.state()
            data-resyncs=run.resyncs
        >
            <StatusLine run/>
            <p class="read unscripted" dir="auto">
                <span class="label">{locale.text(|m| m.source)}": "</span>
                {snapshot.preview.clone()}
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
            <Export run/>
            <AskAboutText run id=snapshot.id.clone()/>
            <FiguresView run/>
            <PlacePanel/>
        </article>
    }
    .into_any()
}

/// Lets the workspace stop the generation while it runs and is shown.
fn offer_stop(run: GenerationView, id: String) {
    let workspace = Workspace::here();
    Effect::new(move |_| {
        let runs = run.phase.with(|phase| !phase.is_over());
        workspace.running.set(runs.then(|| id.clone()));
        if !runs {
            workspace.pending_stops.remove(&id);
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
