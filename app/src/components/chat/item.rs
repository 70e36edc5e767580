use leptos::prelude::*;
use leptos_router::components::A;
use protocol::{SearchQuery, conversation::Listed};

use crate::{
    components::{ItemMenu, Time, marked},
    deletions::Deletions,
    messages::Locale,
    text::shortened,
};

/// How many characters of a title the list shows.
const TITLE_CHARS: usize = 120;

/// One conversation in the list, with a way to delete it.
#[component]
pub(crate) fn ConversationItem(
    listed: Listed,
    /// What was searched for.
    sought: StoredValue<SearchQuery>,
) -> impl IntoView {
    let locale = Locale::here();
    let (item, deletions) = (NodeRef::new(), Deletions::here());
    let Listed { id, title, updated_ms, generation_id, reply_id, excerpt, .. } = listed;
    let path = format!("/api/conversations/{id}");
    let own = path.clone();
    let deleted = move || deletions.hides(&own);
    let name = format!("title-{id}");
    let title = shortened(&title, TITLE_CHARS);
    let (named, written, is_running) = (title.clone(), title.clone(), reply_id.is_some());
    let is_about = generation_id.is_some();
    let language = move || locale.tag_of(&written);
    let excerpt = excerpt.map(|text| {
        view! {
            <span class="item-preview" dir="auto">
                {marked(&text, sought)}
            </span>
        }
    });
    let notes = move || {
        let messages = locale.chat();
        let notes = [(is_about, messages.about_text), (is_running, messages.answering)];
        let notes = notes.iter().filter(|(is_so, _)| *is_so);
        notes.map(|(_, note)| format!(" · {note}")).collect::<String>()
    };
    view! {
        <li class="item" hidden=deleted node_ref=item data-testid="conversation">
            <A href=format!("/chat/{id}") attr:class="item-link">
                <span class="item-title" id=name dir="auto" lang=language>
                    {marked(&title, sought)}
                </span>
                {excerpt}
            </A>
            <p class="item-line"><Time epoch_ms=updated_ms/> {notes}</p>
            <ItemMenu path title=named item/>
        </li>
    }
    .into_any()
}
