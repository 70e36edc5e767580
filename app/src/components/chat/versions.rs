use leptos::prelude::*;

use crate::{
    messages::Locale,
    thread_view::{Row, ThreadView},
};

/// Switches between the versions of a message.
#[component]
pub(super) fn Versions(row: Memo<Option<Row>>) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let place = move || {
        row.with(|row| row.as_ref().map_or((0, 0), |row| (row.version, row.versions.len())))
    };
    let step = move |by: isize| {
        let chosen = row.with_untracked(|row| {
            let row = row.as_ref()?;
            row.versions.get(row.version.checked_add_signed(by)?).cloned()
        });
        if let Some(id) = chosen {
            view.choose_version(&id);
        }
    };
    let button = move |by: isize, name: &'static str, word: &'static str| {
        let label = move || {
            let messages = locale.chat();
            if by < 0 { messages.previous } else { messages.next }
        };
        let is_end = move || {
            let (version, of) = place();
            version.checked_add_signed(by).is_none_or(|version| version >= of)
        };
        view! {
            <button
                type="button"
                class="quiet"
                data-testid=name
                aria-label=label
                disabled=is_end
                on:click=move |_| step(by)
            >
                {word}
            </button>
        }
        .into_any()
    };
    view! {
        <span class="versions scripted" hidden=move || { place().1 < 2 }>
            {button(-1, "previous-version", "‹")}
            <span class="versions-place" data-testid="version">
                {move || {
                    let (version, of) = place();
                    (locale.chat().version)(version + 1, of)
                }}
            </span>
            {button(1, "next-version", "›")}
        </span>
    }
    .into_any()
}
