use leptos::prelude::*;
use leptos_router::components::A;
use protocol::{Listed, SearchQuery, Status};

use super::{delete::Delete, marked::marked, time::Time};
use crate::{commands, messages::Locale, text::shortened};

/// How many characters of a title the list shows.
const TITLE_CHARS: usize = 120;

/// One past generation, with a way to delete it.
#[component]
pub(crate) fn HistoryItem(
    listed: Listed,
    /// What was searched for.
    sought: StoredValue<SearchQuery>,
) -> impl IntoView {
    let locale = Locale::here();
    let (item, deleted) = (NodeRef::new(), RwSignal::new(false));
    let name = format!("title-{}", listed.id);
    let title = shortened(&listed.title, TITLE_CHARS);
    let untitled = title.is_empty();
    let beneath = listed.excerpt.unwrap_or(listed.preview);
    let (written, preview) = (title.clone(), beneath.clone());
    let title_tag = move || if untitled { None } else { locale.tag_of(&written) };
    let preview_tag = move || locale.tag_of(&preview);
    let title =
        if untitled { locale.text(|m| m.untitled).into_any() } else { marked(&title, sought) };
    let status = move || {
        let messages = locale.messages();
        match listed.status {
            Status::Running => messages.running,
            Status::Completed => messages.done,
            Status::Stopped => messages.stopped_short,
            Status::Failed => messages.failed,
        }
    };
    view! {
        <li class="item" hidden=deleted node_ref=item data-testid="item">
            <A href=format!("/g/{}", listed.id) attr:class="item-link">
                <span class="item-title" id=name dir="auto" lang=title_tag>{title}</span>
                <span class="item-preview" dir="auto" lang=preview_tag>
                    {marked(&beneath, sought)}
                </span>
            </A>
            <p class="item-line">
                <Time epoch_ms=listed.created_ms/> " · " {status} " · " {listed.model}
            </p>
            <Delete id=listed.id item deleted delete=|id| Box::pin(commands::delete(id))/>
        </li>
    }
    .into_any()
}
