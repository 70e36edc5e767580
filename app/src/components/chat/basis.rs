use leptos::{ev::MouseEvent, prelude::*};

use crate::{
    messages::Locale,
    thread_view::{Row, ThreadView},
};

/// Says what an answer is based on, where that is not everything: how many messages and how much of
/// the source the model was given, and which passages.
#[component]
pub(super) fn Basis(row: Memo<Option<Row>>) -> impl IntoView {
    let locale = Locale::here();
    let coverage = Memo::new(move |_| row.with(|row| row.as_ref()?.coverage));
    let messages = move || {
        let coverage = coverage.get()?;
        let (given, total) = coverage.messages_given.zip(coverage.messages_total)?;
        (given < total).then(|| (locale.chat().messages_left_out)(given, total))
    };
    let read = move || {
        let coverage = coverage.get().filter(|all| all.read_chars < all.total_chars)?;
        let percent = coverage.read_chars * 100 / coverage.total_chars.max(1);
        Some((locale.chat().partly_read)(percent))
    };
    let sentence = |text: String| view! { <p class="coverage">{text}</p> };
    view! {
        {move || messages().map(sentence)}
        {move || read().map(sentence)}
        <Passages row/>
    }
}

/// Links to the passages of the source that the model was given.
#[component]
fn Passages(row: Memo<Option<Row>>) -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let spans = Memo::new(move |_| {
        row.with(|row| row.as_ref().map(|row| row.passages.clone()).unwrap_or_default())
    });
    let source = move || {
        view.conversation
            .with_untracked(|all| format!("/g/{}", all.generation_id.clone().unwrap_or_default()))
    };
    move || {
        let spans = spans.get();
        (!spans.is_empty()).then(|| {
            let links: Vec<_> = spans
                .into_iter()
                .enumerate()
                .map(|(number, span)| {
                    let show = move |event: MouseEvent| {
                        event.prevent_default();
                        view.passage.set(Some(span));
                    };
                    view! {
                        <a href=source() data-testid="passage" on:click=show>
                            {move || (locale.chat().passage)(number + 1)}
                        </a>
                    }
                })
                .collect();
            view! {
                <p class="passages">
                    <span class="label">{locale.chat_text(|m| m.passages)}</span>
                    {links}
                </p>
            }
        })
    }
}
