use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use protocol::conversation::Conversation;

use super::{Composer, outgoing::OutgoingMessage};
use crate::{
    messages::Locale,
    thread_view::{BegunConversation, ThreadView},
};

/// A box that begins a conversation, about the text of a generation or about nothing in particular,
/// and then leads to its page.
#[component]
pub(crate) fn AskBox(
    /// The generation whose text it is about; empty when there is none.
    #[prop(optional, into)]
    generation_id: String,
) -> impl IntoView {
    let locale = Locale::here();
    let begun: BegunConversation = expect_context();
    let navigate = use_navigate();
    let is_about = !generation_id.is_empty();
    let conversation = Conversation {
        generation_id: is_about.then_some(generation_id),
        ..Conversation::default()
    };
    let view = ThreadView::new(
        conversation,
        Callback::new(move |conversation: Conversation| {
            let path = format!("/chat/{}", conversation.id);
            begun.put(conversation);
            navigate(&path, leptos_router::NavigateOptions::default());
        }),
    );
    provide_context(view);
    view! {
        <section class="ask-box" aria-label=locale.chat_text(|m| m.name)>
            <ol class="turns">
                <For each=move || view.outgoing.get() key=|outgoing| outgoing.key let(outgoing)>
                    <OutgoingMessage outgoing/>
                </For>
            </ol>
            <Composer label=if is_about { |m| m.ask_about } else { |m| m.ask }/>
        </section>
    }
    .into_any()
}
