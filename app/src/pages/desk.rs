use leptos::{either::EitherOf3, ev::SubmitEvent, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::Outlet,
    hooks::{use_location, use_navigate, use_query_map},
};
use protocol::{ProblemCode, Snapshot};

use super::Nothing;
use crate::{
    browser,
    commands::{self, Viewed},
    components::{Actions, BlankSheet, Sheet, Source, Unloaded},
    desk,
    draft::Choices,
    fault::Fault,
    hooks::{in_time, use_retry},
    words::Locale,
};

type Seen = Result<Option<Viewed>, Fault>;

/// `/` and `/g/{id}`: the source on one side, the sheet on the other.
#[component]
pub(crate) fn Desk() -> impl IntoView {
    let locale = Locale::here();
    let navigate = use_navigate();
    let lead = Callback::new(move |path: String| {
        navigate(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let desk = desk::Desk::new(lead);
    provide_context(desk);
    let path = use_location().pathname;
    let id = Memo::new(move |_| path.with(|path| path.strip_prefix("/g/").map(str::to_owned)));
    let seen = Resource::new(move || id.get(), move |id| see(desk, id));
    use_retry(seen);
    desk.folded.set(id.get_untracked().is_some());
    // A form without JavaScript is led back to here.
    if let Some(code) = use_query_map().with_untracked(|query| query.get("refused")) {
        let code = serde_json::from_value(code.into()).ok();
        let words = locale.words_untracked();
        let why = match code {
            Some(ProblemCode::ShuttingDown) => Some(words.led_back.to_owned()),
            code => code.and_then(|code| words.refusal(code)),
        };
        desk.hint.set(why.unwrap_or_else(|| words.refused.to_owned()));
    }
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        if desk.running.with_untracked(Option::is_some) { desk.stop() } else { desk.start() }
    };
    Effect::new(move |_| {
        id.track();
        desk.give_up_retrying();
    });
    let preview = RwSignal::new(String::new());
    bring_text(desk, seen, preview);
    keep_choices(desk);
    view! {
        <form
            class="desk"
            class:folded=desk.folded
            class:blank=move || id.get().is_none()
            method="post"
            action="/fn/submit"
            // Once the page is alive, it says itself what is in the way.
            prop:noValidate=true
            on:submit=submitted
        >
            <h1 class="visually-hidden">{locale.say(|words| words.headline)}</h1>
            <div class="work">
                <Source preview=preview.into()/>
                <Actions/>
                <p class="lifeless">{locale.say(|words| words.needs_script)}</p>
            </div>
            <div class="result" role="region" aria-label=locale.say(|words| words.result)>
                <Result seen id/>
            </div>
        </form>
        <Outlet/>
    }
    .into_any()
}

/// Brings the text that belongs to what is seen into the box: that of the generation, or else
/// the draft. What the reader has typed before the page came alive stays.
fn bring_text(desk: desk::Desk, seen: Resource<Seen>, preview: RwSignal<String>) {
    Effect::new(move |was_brought: Option<bool>| {
        let was_brought = was_brought == Some(true);
        if desk.source.get().is_none() {
            return was_brought;
        }
        let Some(seen) = seen.get() else { return was_brought };
        if !was_brought {
            desk.find_draft();
        }
        match seen {
            Ok(Some(view)) => {
                let has_typed = !was_brought && desk.is_own();
                let Snapshot { id, preview: line, language, length, .. } = view.snapshot;
                preview.set(line);
                if view.begun_ms.is_some() {
                    // The sheet goes whose button may have been pressed.
                    browser::rescue_focus(desk.button);
                } else if !has_typed {
                    desk.lend(id, view.text);
                    desk.choose(Choices { language, length });
                }
                desk.folded.set(true);
            }
            // It is tried again.
            Err(fault) if !fault.is_not_found() => return was_brought,
            _ => {
                preview.set(String::new());
                desk.folded.set(false);
                let said = desk.hint.get_untracked();
                desk.restore_draft();
                // What was said before the page was alive stands.
                if !was_brought && desk.hint.with_untracked(String::is_empty) {
                    desk.hint.set(said);
                }
            }
        }
        true
    });
}

/// Keeps what is chosen with the draft.
fn keep_choices(desk: desk::Desk) {
    Effect::new(move |_| {
        desk.language.track();
        desk.length.track();
        desk.keep_draft();
    });
}

/// What there is to see at `id`.
async fn see(desk: desk::Desk, id: Option<String>) -> Seen {
    let Some(id) = id else { return Ok(None) };
    match desk.take_begun(&id) {
        Some(view) => Ok(Some(view)),
        None => in_time(commands::view(id)).await.and_then(Viewed::inlined).map(Some),
    }
}

#[component]
fn Result(seen: Resource<Seen>, id: Memo<Option<String>>) -> impl IntoView {
    let (again, locale) = (Callback::new(move |()| seen.refetch()), Locale::here());
    // Without JavaScript nobody asks again, and what is too long never comes with the page.
    let otherwise = move || format!("/api/generations/{}", id.get().unwrap_or_default());
    let sheet = move || {
        Suspend::new(async move {
            match seen.await {
                Ok(Some(view)) => EitherOf3::A(sheet_of(view)),
                Ok(None) => EitherOf3::B(view! { <BlankSheet/> }),
                Err(fault) if fault.is_not_found() => EitherOf3::C(view! { <Nothing/> }.into_any()),
                Err(_) => EitherOf3::C(
                    view! {
                        <Unloaded again/>
                        <p class="nothing unscripted">
                            <a href=otherwise rel="external">{locale.say(|words| words.as_json)}</a>
                        </p>
                    }
                    .into_any(),
                ),
            }
        })
    };
    view! { <Transition>{sheet}</Transition> }.into_any()
}

/// A sheet of its own for each generation: what is written to one is not on the next.
fn sheet_of(view: Viewed) -> impl IntoView {
    view! {
        <For
            each=move || [view.clone()]
            key=|view| view.snapshot.id.clone()
            let(view)
        >
            <Sheet view/>
        </For>
    }
}
