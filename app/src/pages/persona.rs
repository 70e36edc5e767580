use leptos::{either::Either, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use protocol::conversation::{Persona as Loaded, PersonaVersions};

use super::Nothing;
use crate::{
    commands::personas::{fetch_persona, list_persona_versions},
    components::{
        LoadError,
        personas::{EditForm, Teach, Versions},
    },
    hooks::{in_time, retry_until_answered, use_retry},
    messages::Locale,
    text::in_markup,
};

/// `/personas/{id}`: a persona, what it was taught, and its versions.
#[component]
pub(crate) fn Persona() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|all| all.get("id")).unwrap_or_default());
    let persona = Resource::new(move || id.get(), |id| in_time(fetch_persona(id)));
    let versions = Resource::new(move || id.get(), |id| in_time(list_persona_versions(id, None)));
    use_retry(persona);
    let again = Callback::new(move |()| {
        persona.refetch();
        versions.refetch();
    });
    let page = move || {
        Suspend::new(async move {
            let versions = versions.await.unwrap_or_default();
            match persona.await {
                Ok(persona) => Either::Left(view_of(persona, versions)),
                Err(error) if error.is_not_found() => {
                    Either::Right(view! { <Nothing/> }.into_any())
                }
                Err(_) => Either::Right(view! { <LoadError again/> }.into_any()),
            }
        })
    };
    view! {
        <div class="column persona-page">
            <Transition>{page}</Transition>
        </div>
    }
    .into_any()
}

/// Makes new elements for each persona.
fn view_of(persona: Loaded, versions: PersonaVersions) -> impl IntoView {
    view! {
        <For
            each=move || [(persona.clone(), versions.clone())]
            key=|(persona, _)| persona.id.clone()
            let((persona, versions))
        >
            <PersonaView persona versions/>
        </For>
    }
}

#[component]
fn PersonaView(persona: Loaded, versions: PersonaVersions) -> impl IntoView {
    let locale = Locale::here();
    let (id, is_running) = (persona.id.clone(), persona.training_id.is_some());
    let (persona, versions) = (RwSignal::new(persona), RwSignal::new(versions));
    let changed = Callback::new(move |now: Loaded| {
        let id = now.id.clone();
        persona.set(now);
        spawn_local(async move {
            if let Ok(now) = in_time(list_persona_versions(id, None)).await {
                versions.try_set(now);
            }
        });
    });
    let taught = Callback::new(move |()| {
        let id = persona.with_untracked(|persona| persona.id.clone());
        spawn_local(async move {
            let fetch = || in_time(fetch_persona(id.clone()));
            let is_shown = || persona.try_get_untracked().is_some();
            if let Some(Ok(now)) = retry_until_answered(fetch, is_shown).await {
                changed.try_run(now);
            }
        });
    });
    let name = move || persona.with(|persona| persona.name.clone());
    view! {
        <Title text=move || in_markup(format!("{} · Unspool", name()))/>
        <h1 tabindex="-1" dir="auto" data-testid="persona-name">{name}</h1>
        <p class="status">
            <A href="/personas">{locale.personas_text(|m| m.name)}</A>
            " · "
            <A href="/chat">{locale.personas_text(|m| m.chat)}</A>
        </p>
        // The fields hold what was loaded, so each version has fields of its own.
        <For each=move || [persona.get()] key=|persona| persona.version let(persona)>
            <EditForm persona changed/>
        </For>
        <Teach persona_id=id.clone() is_running changed=taught/>
        <Versions
            persona_id=id
            current=Signal::derive(move || persona.with(|persona| persona.version))
            versions
            changed
        />
    }
    .into_any()
}
