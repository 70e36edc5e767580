use leptos::{prelude::*, task::spawn_local};
use protocol::ShareLink;

use super::CopyButton;
use crate::{
    browser,
    commands::sharing::{share_conversation, share_generation, withdraw_share},
    components::Announcer,
    hooks::in_time,
    messages::Locale,
};

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// A document.
    Generation,
    /// The branch of a conversation that is shown.
    Conversation,
}

/// A button that gives a link to a read-only page, and then the link with a way to withdraw it.
#[component]
pub(crate) fn Share(
    sharing: Sharing,
    /// The id of the generation or the conversation.
    #[prop(into)]
    id: Callback<(), String>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let link = RwSignal::new(None::<ShareLink>);
    let note = RwSignal::new("");
    let share = move |_| {
        let id = id.run(());
        spawn_local(async move {
            let shared = match sharing {
                Sharing::Generation => in_time(share_generation(id)).await,
                Sharing::Conversation => in_time(share_conversation(id)).await,
            };
            let messages = locale.taking_untracked();
            match shared {
                Ok(shared) => {
                    announcer.announce(messages.share_says);
                    note.try_set("");
                    link.try_set(Some(shared));
                }
                Err(_) => _ = note.try_set(messages.not_shared),
            }
        });
    };
    let withdraw = move |_| {
        let Some(ShareLink { id, .. }) = link.get_untracked() else { return };
        spawn_local(async move {
            let messages = locale.taking_untracked();
            match in_time(withdraw_share(id)).await {
                Err(error) if !error.is_not_found() => _ = note.try_set(messages.not_withdrawn),
                _ => {
                    link.try_set(None);
                    note.try_set(messages.withdrawn);
                }
            }
        });
    };
    let address = move || link.get().map(|link| browser::origin() + &link.url).unwrap_or_default();
    view! {
        <div class="share scripted" data-testid="share">
            <button type="button" class="quiet" hidden=move || link.get().is_some() on:click=share>
                {locale.taking_text(|m| m.share)}
            </button>
            <Show when=move || link.get().is_some()>
                <p class="share-says">{locale.taking_text(|m| m.share_says)}</p>
                <input
                    type="text"
                    readonly
                    aria-label=locale.taking_text(|m| m.link)
                    prop:value=address
                />
                <CopyButton
                    label=Signal::derive(move || locale.taking().copy_link)
                    text=Callback::new(move |()| address())
                />
                <button type="button" class="quiet" on:click=withdraw>
                    {locale.taking_text(|m| m.withdraw)}
                </button>
            </Show>
            <span role="status">{note}</span>
        </div>
    }
    .into_any()
}
