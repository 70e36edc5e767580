use leptos::{html, prelude::*};
use leptos_meta::Title;
use protocol::{Follower, Snapshot, Status};

use super::{
    export::Export, field::FieldView, figures::FiguresView, flow::Flow, narration::narrate,
    status_line::StatusLine, trouble::TroubleView,
};
use crate::{
    commands::Viewed,
    hooks::{Start, use_deletion, use_ledger, use_live},
    run::{Phase, Run},
    text::shortened,
    words::Locale,
    workspace::Workspace,
};

/// How much of a title goes into the window's title.
const WINDOW_TITLE_CHARS: usize = 60;

/// A generation: what is written, what is happening, and what can be done with it.
#[component]
pub(crate) fn Sheet(
    /// The generation as it was first seen.
    view: Viewed,
) -> impl IntoView {
    let Viewed { snapshot, begun_ms, .. } = view;
    let (locale, language) = (Locale::here(), snapshot.language);
    let run = Run::of(&snapshot);
    let (fields, thread) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    if snapshot.status == Status::Running {
        use_live(run, start_of(&snapshot, begun_ms), fields, thread);
    }
    use_deletion(run, snapshot.id.clone());
    use_ledger(run, snapshot.id.clone(), begun_ms);
    offer_stop(run, snapshot.id.clone());
    narrate(run);
    let phase_is = move |phase: Phase| Signal::derive(move || run.phase.get() == phase);
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
                <span class="label">{locale.say(|words| words.source)}": "</span>
                {snapshot.preview.clone()}
            </p>
            <Thoughts run/>
            <div class="fields" node_ref=fields>
                <div class="thread" aria-hidden="true" data-testid="thread" node_ref=thread></div>
                <FieldView
                    run
                    field=run.title
                    language
                    name="title"
                    label=|words| words.title
                    turn=phase_is(Phase::WritingTitle)
                />
                <FieldView
                    run
                    field=run.summary
                    language
                    name="summary"
                    label=|words| words.summary
                    turn=phase_is(Phase::WritingSummary)
                />
            </div>
            <TroubleView run id=snapshot.id.clone()/>
            <Export run snapshot=snapshot/>
            <FiguresView run/>
        </article>
    }
    .into_any()
}

fn start_of(snapshot: &Snapshot, begun_ms: Option<f64>) -> Start {
    Start { id: snapshot.id.clone(), follower: Follower::resume(snapshot), begun_ms }
}

/// Lets the workspace stop the generation for as long as it runs and is shown.
fn offer_stop(run: Run, id: String) {
    let workspace = Workspace::here();
    Effect::new(move |_| {
        let runs = run.phase.with(|phase| !phase.is_over());
        workspace.running.set(runs.then(|| id.clone()));
        if !runs {
            workspace.pending_stops.forget(&id);
        }
    });
    Effect::new(move |_| {
        if run.outage.get().is_none() {
            workspace.pending_stops.repeat();
        }
    });
    on_cleanup(move || {
        workspace.running.try_set(None);
    });
}

/// The title in the window's title, once it is final.
#[component]
fn WindowTitle(run: Run) -> impl IntoView {
    let locale = Locale::here();
    let title = move || {
        let known = run.title.is_final.get() || run.phase.with(Phase::is_over);
        let title = run.title.text.with_value(|text| shortened(text, WINDOW_TITLE_CHARS));
        if known && !title.is_empty() {
            in_markup(format!("{title} · Unspool"))
        } else {
            format!("Unspool · {}", locale.words().tagline)
        }
    };
    view! { <Title text=title/> }
}

/// Leptos writes a window's title into the page as it is, although it is model text here.
fn in_markup(title: String) -> String {
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}

/// What the model thinks, folded away.
#[component]
fn Thoughts(run: Run) -> impl IntoView {
    let locale = Locale::here();
    view! {
        <details class="thoughts" hidden=move || !run.reasoning.begun.get()>
            <summary>{locale.say(|words| words.thoughts)}</summary>
            <Flow
                field=run.reasoning
                testid="reasoning"
                busy=Signal::derive(move || run.phase.get() == Phase::Thinking)
            />
        </details>
    }
    .into_any()
}
