use leptos::{prelude::*, task::spawn_local};
use protocol::conversation::{Persona, PersonaVersion, PersonaVersions};

use super::create_form::why;
use crate::{
    commands::personas::{list_persona_versions, restore_persona},
    components::{Announcer, Time},
    hooks::in_time,
    messages::Locale,
};

/// The versions of a persona, each of which can be restored.
#[component]
pub(crate) fn Versions(
    persona_id: String,
    current: Signal<u64>,
    versions: RwSignal<PersonaVersions>,
    /// Called with the persona once it has changed.
    changed: Callback<Persona>,
) -> impl IntoView {
    let locale = Locale::here();
    let id = StoredValue::new(persona_id);
    let hint = RwSignal::new(String::new());
    let older = move |_| {
        spawn_local(async move {
            let next = versions.with_untracked(|versions| versions.next.clone());
            match in_time(list_persona_versions(id.get_value(), next)).await {
                Ok(page) => {
                    versions.try_update(|all| {
                        all.versions.extend(page.versions);
                        all.next = page.next;
                    });
                }
                Err(error) => {
                    let messages = locale.messages_untracked();
                    hint.try_set(why(error, messages.unreachable_short));
                }
            }
        });
    };
    view! {
        <section aria-labelledby="versions">
            <h2 id="versions">{locale.personas_text(|m| m.versions)}</h2>
            <ul class="items">
                <For each=move || versions.get().versions key=|version| version.version let(version)>
                    <Version version id current hint changed/>
                </For>
            </ul>
            <button
                type="button"
                class="quiet scripted"
                hidden=move || versions.with(|versions| versions.next.is_none())
                on:click=older
            >
                {locale.text(|m| m.older)}
            </button>
            <p role="alert" class="hint">{hint}</p>
        </section>
    }
    .into_any()
}

#[component]
fn Version(
    version: PersonaVersion,
    id: StoredValue<String>,
    current: Signal<u64>,
    hint: RwSignal<String>,
    changed: Callback<Persona>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let PersonaVersion { version: number, name, instruction, profile, origin, created_ms } =
        version;
    let is_current = move || current.get() == number;
    let line = move || {
        let messages = locale.personas();
        let note = if is_current() { messages.current } else { (messages.origin)(origin) };
        format!("{} · {note}", (messages.version)(number))
    };
    let restore = move |_| {
        spawn_local(async move {
            let messages = untrack(|| locale.personas());
            match in_time(restore_persona(id.get_value(), number)).await {
                Ok(persona) => {
                    announcer.announce(messages.saved);
                    changed.run(persona);
                }
                Err(error) => {
                    hint.try_set(why(error, messages.not_saved));
                }
            }
        });
    };
    view! {
        <li class="version" data-testid="version">
            <details>
                <summary>{line} " · " <Time epoch_ms=created_ms/></summary>
                <p class="verbatim" dir="auto">{name}</p>
                <p class="verbatim" dir="auto">{instruction}</p>
                <p class="verbatim" dir="auto">{profile}</p>
            </details>
            <button
                type="button"
                class="quiet scripted"
                hidden=is_current
                on:click=restore
            >
                {locale.personas_text(|m| m.restore)}
            </button>
        </li>
    }
    .into_any()
}
