use leptos::prelude::*;
use leptos_router::components::A;
use protocol::{SearchQuery, conversation::Listed};

use crate::{
    commands::conversations::delete_conversation,
    components::{Delete, Time, marked},
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
    let (item, deleted) = (NodeRef::new(), RwSignal::new(false));
    let name = format!("title-{}", listed.id);
    let title = shortened(&listed.title, TITLE_CHARS);
    let (written, is_running) = (title.clone(), listed.reply_id.is_some());
    let is_about = listed.generation_id.is_some();
    let language = move || locale.tag_of(&written);
    let excerpt = listed.excerpt.map(|text| {
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
            <A href=format!("/chat/{}", listed.id) attr:class="item-link">
                <span class="item-title" id=name dir="auto" lang=language>
                    {marked(&title, sought)}
                </span>
                {excerpt}
            </A>
            <p class="item-line"><Time epoch_ms=listed.updated_ms/> {notes}</p>
            <Delete
                id=listed.id
                item
                deleted
                delete=|id| Box::pin(delete_conversation(id))
            />
        </li>
    }
    .into_any()
}
