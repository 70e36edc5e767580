use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::components::A;

use crate::{
    messages::{DeskMessages, Locale},
    page_context::about,
    samples,
    workspace::Workspace,
};

/// The result before anything was started: what this does, two samples, and what a newcomer wants to
/// know first.
#[component]
pub(crate) fn EmptyResult() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let state = move || if workspace.is_starting() { "connecting" } else { "idle" };
    let status = move || if workspace.is_starting() { locale.messages().connecting } else { "" };
    view! {
        <div class="sheet blank" data-testid="sheet" data-state=state>
            <p class="status" data-testid="status">{status}</p>
            <div class="invitation" hidden=move || workspace.is_starting()>
                <p class="promise">{locale.desk_text(|m| m.promise)}</p>
                <p class="samples" hidden=move || !workspace.takes_sample()>
                    {locale.desk_text(|m| m.try_it)}
                    <Sample name="en" lang="en" title=|m| m.sample_en/>
                    {locale.desk_text(|m| m.or)}
                    <Sample name="zh" lang="zh-CN" title=|m| m.sample_zh/>
                </p>
                <Answers/>
            </div>
        </div>
    }
    .into_any()
}

/// A link that puts a sample into the box, and works before the page is alive.
#[component]
fn Sample(
    name: &'static str,
    lang: &'static str,
    title: fn(&'static crate::messages::Messages) -> &'static str,
) -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        let sentence = locale.desk_untracked().replaced_by_sample.to_owned();
        workspace.replace_undoably(samples::named(name).unwrap_or_default(), sentence);
    };
    view! {
        <a href=format!("/?sample={name}") rel="external" lang=lang on:click=clicked>
            {locale.text(title)}
        </a>
    }
}

/// Which model answers, where the text goes, and who can see what is kept.
#[component]
fn Answers() -> impl IntoView {
    let (locale, about) = (Locale::here(), about());
    let is_builtin = about.provider == "builtin";
    let named = match about.host.as_str() {
        "" => about.model.clone(),
        host => format!("{} · {host}", about.model),
    };
    let model = move || {
        if is_builtin { locale.desk().builtin.to_owned() } else { named.clone() }
    };
    let text = move || {
        let desk = locale.desk();
        match about.host.as_str() {
            "" => desk.stays.to_owned(),
            host if is_this_machine(host) => (desk.stays_at)(host),
            host => (desk.goes_to)(host),
        }
    };
    let settings = move || {
        let desk = locale.desk();
        if is_builtin { desk.connect } else { desk.details }
    };
    view! {
        <dl class="answers">
            <Answer question=|m| m.model answer=model>
                <A href="/settings">{settings}</A>
            </Answer>
            <Answer question=|m| m.your_text answer=text>
                <A href="/settings">{locale.desk_text(|m| m.details)}</A>
            </Answer>
            <Answer question=|m| m.kept answer=move || locale.desk().kept_for_all.to_owned()>
                <A href="/history">{locale.desk_text(|m| m.open)}</A>
            </Answer>
        </dl>
    }
    .into_any()
}

#[component]
fn Answer<F>(
    question: fn(&'static DeskMessages) -> &'static str,
    answer: F,
    children: Children,
) -> impl IntoView
where
    F: Fn() -> String + Send + Sync + 'static,
{
    let locale = Locale::here();
    view! {
        <div>
            <dt>{locale.desk_text(question)}</dt>
            <dd>{answer} " " {children()}</dd>
        </div>
    }
    .into_any()
}

/// Whether a host with its port is the machine that the server runs on.
fn is_this_machine(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.starts_with("127.") || host.starts_with("[::1]")
}
