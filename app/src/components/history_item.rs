use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;
use protocol::{Listed, Status};

use super::time::Time;
use crate::{commands, components::Announcer, text::shortened, words::Locale};

/// How much of a title stands in the list.
const TITLE_CHARS: usize = 120;

/// One past generation, with a way to delete it.
#[component]
pub(crate) fn HistoryItem(listed: Listed) -> impl IntoView {
    let locale = Locale::here();
    let deleted = RwSignal::new(false);
    let title = shortened(&listed.title, TITLE_CHARS);
    let untitled = title.is_empty();
    let title = move || if untitled { locale.words().untitled.to_owned() } else { title.clone() };
    let status = move || {
        let words = locale.words();
        match listed.status {
            Status::Running => words.running,
            Status::Completed => words.done,
            Status::Stopped => words.stopped_short,
            Status::Failed => words.failed,
        }
    };
    view! {
        <li class="item" hidden=deleted data-testid="item">
            <A href=format!("/g/{}", listed.id) attr:class="item-link">
                <span class="item-title" dir="auto">{title}</span>
                <span class="item-preview" dir="auto">{listed.preview}</span>
            </A>
            <p class="item-line">
                <Time epoch_ms=listed.created_ms/> " · " {status} " · " {listed.model}
            </p>
            <Delete id=listed.id deleted/>
        </li>
    }
    .into_any()
}

/// Asks once more, in place, before it deletes.
#[component]
fn Delete(id: String, deleted: RwSignal<bool>) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let asking = RwSignal::new(false);
    let hint = RwSignal::new(String::new());
    let id = StoredValue::new(id);
    let delete = move |_| {
        spawn_local(async move {
            let words = locale.words_untracked();
            match commands::delete(id.get_value()).await {
                Err(fault) if !fault.is_not_found() => hint.set(words.broken.to_owned()),
                _ => {
                    announcer.say(words.deleted);
                    deleted.set(true);
                }
            }
        });
    };
    view! {
        <div class="item-delete scripted">
            <button
                type="button"
                class="quiet"
                hidden=asking
                on:click=move |_| asking.set(true)
            >
                {locale.say(|words| words.delete)}
            </button>
            <span class="asking" hidden=move || !asking.get()>
                {locale.say(|words| words.delete_sure)}
                <button type="button" class="quiet danger" on:click=delete>
                    {locale.say(|words| words.yes)}
                </button>
                <button type="button" class="quiet" on:click=move |_| asking.set(false)>
                    {locale.say(|words| words.no)}
                </button>
            </span>
            <span role="alert">{hint}</span>
        </div>
    }
    .into_any()
}
