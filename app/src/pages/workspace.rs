use leptos::{either::EitherOf3, ev::SubmitEvent, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::Outlet,
    hooks::{use_location, use_navigate, use_query_map},
};
use protocol::{ProblemCode, Snapshot};

use super::Nothing;
use crate::{
    api_error::ApiError,
    browser,
    commands::{self, Viewed},
    components::{Actions, EmptyResult, LoadError, ResultPanel, Source},
    hooks::{in_time, use_retry},
    messages::Locale,
    workspace::{Choices, Fresh, ShapeName, Workspace},
};

type Loaded = Result<Option<Viewed>, ApiError>;

/// `/` and `/g/{id}`: the source on one side, the result on the other.
#[component]
pub(crate) fn WorkspacePage() -> impl IntoView {
    let locale = Locale::here();
    let navigate = use_navigate();
    let navigate = Callback::new(move |path: String| {
        navigate(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let workspace = Workspace::new(navigate);
    provide_context(workspace);
    let path = use_location().pathname;
    let id = Memo::new(move |_| path.with(|path| path.strip_prefix("/g/").map(str::to_owned)));
    let loaded = Resource::new(move || id.get(), move |id| load(workspace, id));
    use_retry(loaded);
    workspace.folded.set(id.get_untracked().is_some());
    explain_refusal(workspace, locale);
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        if workspace.running.with_untracked(Option::is_some) {
            workspace.stop();
        } else {
            workspace.start();
        }
    };
    Effect::new(move |_| {
        id.track();
        workspace.end_fetching();
    });
    let preview = RwSignal::new(String::new());
    show_text_of(workspace, loaded, preview);
    store_choices(workspace);
    begin_anew(workspace, id);
    view! {
        <form
            class="desk"
            class:folded=workspace.folded
            class:blank=move || id.get().is_none()
            method="post"
            action="/fn/submit"
            // The page explains itself why a text cannot be sent, in place of the browser's
            // bubbles.
            prop:noValidate=true
            on:submit=submitted
        >
            // Once there is a title, that is the heading.
            <h1 class="visually-hidden">{locale.text(|m| m.headline)}</h1>
            <div class="work">
                <Source preview=preview.into()/>
                <Actions/>
                <p class="lifeless">{locale.text(|m| m.needs_script)}</p>
            </div>
            <div class="result" role="region" aria-label=locale.text(|m| m.result)>
                <Result loaded id/>
            </div>
        </form>
        <Outlet/>
    }
    .into_any()
}

/// Says why the server refused a form that was sent without JavaScript: it redirects to here then.
fn explain_refusal(workspace: Workspace, locale: Locale) {
    let Some(code) = use_query_map().with_untracked(|query| query.get("refused")) else { return };
    let messages = locale.messages_untracked();
    let reason = match serde_json::from_value(code.into()).ok() {
        Some(ProblemCode::ShuttingDown) => Some(messages.led_back.to_owned()),
        code => code.and_then(|code| messages.refusal(code)),
    };
    workspace.hint.set(reason.unwrap_or_else(|| messages.refused.to_owned()));
}

/// Puts the text that belongs to what was loaded into the box: that of the generation, or else the
/// draft. What the reader typed before the page came alive stays.
fn show_text_of(workspace: Workspace, loaded: Resource<Loaded>, preview: RwSignal<String>) {
    Effect::new(move |has_shown: Option<bool>| {
        let has_shown = has_shown == Some(true);
        if workspace.source.get().is_none() {
            return has_shown;
        }
        let Some(loaded) = loaded.get() else { return has_shown };
        if !has_shown {
            workspace.adopt_early_text();
        }
        match loaded {
            Ok(Some(view)) => {
                let has_typed = !has_shown && workspace.has_draft();
                let Snapshot { id, preview: first_line, language, length, shape, schema, .. } =
                    &*view.snapshot;
                preview.set(first_line.clone());
                if view.begun_ms.is_some() {
                    // The button that started it may be gone together with the last result.
                    browser::rescue_focus(workspace.button);
                } else if !has_typed {
                    let shape = ShapeName::of(shape);
                    let choices = Choices { language: *language, length: *length, shape };
                    workspace.show_schema(schema.as_ref());
                    workspace.show_input(id.clone(), view.text.as_deref(), choices);
                }
                workspace.folded.set(true);
            }
            // The page loads it again.
            Err(error) if !error.is_not_found() => return has_shown,
            _ => {
                preview.set(String::new());
                workspace.folded.set(false);
                let hint = workspace.hint.get_untracked();
                workspace.restore_draft();
                // The reason of a refusal stays above the draft.
                if !has_shown && workspace.hint.with_untracked(String::is_empty) {
                    workspace.hint.set(hint);
                }
            }
        }
        true
    });
}

/// Empties the box when the reader asks for that and the page `/` is shown.
fn begin_anew(workspace: Workspace, id: Memo<Option<String>>) {
    let fresh = Fresh::here();
    Effect::new(move |_| {
        let is_home = id.get().is_none();
        if workspace.source.get().is_some() && is_home && fresh.take() {
            workspace.clear();
        }
    });
    Effect::new(move |is_later: Option<bool>| {
        id.track();
        if is_later == Some(true) {
            workspace.forget_before();
        }
        true
    });
}

/// Stores each choice with the draft.
fn store_choices(workspace: Workspace) {
    Effect::new(move |_| {
        workspace.language.track();
        workspace.length.track();
        workspace.shape.track();
        workspace.store_draft();
    });
}

/// Loads generation `id`; there is none to load on the page `/`.
async fn load(workspace: Workspace, id: Option<String>) -> Loaded {
    let Some(id) = id else { return Ok(None) };
    match workspace.take_accepted(&id) {
        Some(view) => Ok(Some(view)),
        None => in_time(commands::view(id)).await.and_then(Viewed::inlined).map(Some),
    }
}

#[component]
fn Result(loaded: Resource<Loaded>, id: Memo<Option<String>>) -> impl IntoView {
    let (again, locale) = (Callback::new(move |()| loaded.refetch()), Locale::here());
    // What is too long to come with the page can be read without JavaScript, too.
    let json = move || format!("/api/generations/{}", id.get().unwrap_or_default());
    let result = move || {
        Suspend::new(async move {
            match loaded.await {
                Ok(Some(view)) => EitherOf3::A(result_of(view)),
                Ok(None) => EitherOf3::B(view! { <EmptyResult/> }),
                Err(error) if error.is_not_found() => EitherOf3::C(view! { <Nothing/> }.into_any()),
                Err(_) => EitherOf3::C(
                    view! {
                        <LoadError again/>
                        <p class="nothing unscripted">
                            <a href=json rel="external">{locale.text(|m| m.as_json)}</a>
                        </p>
                    }
                    .into_any(),
                ),
            }
        })
    };
    view! { <Transition>{result}</Transition> }.into_any()
}

/// Makes new elements for each generation, because a pane goes on writing into the old ones.
fn result_of(view: Viewed) -> impl IntoView {
    view! {
        <For
            each=move || [view.clone()]
            key=|view| view.snapshot.id.clone()
            let(view)
        >
            <ResultPanel view/>
        </For>
    }
}
