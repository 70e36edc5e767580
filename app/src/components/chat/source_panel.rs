use leptos::{html, prelude::*, task::spawn_local};
use protocol::Span;
use web_sys::KeyboardEvent;

use crate::{commands, hooks::text_in_time, messages::Locale, thread_view::ThreadView};

/// The source of a conversation with one of its passages lit up.
#[component]
pub(super) fn SourcePanel() -> impl IntoView {
    let (view, locale) = (ThreadView::here(), Locale::here());
    let text = RwSignal::new(None::<Result<String, ()>>);
    let close = NodeRef::<html::Button>::new();
    let mark = NodeRef::<html::Mark>::new();
    Effect::new(move |_| {
        let passage = view.passage.get();
        if passage.is_some() && text.with_untracked(|text| !matches!(text, Some(Ok(_)))) {
            load(view, text);
        }
        // Escape closes the panel from within.
        if let Some(close) = close.get_untracked().filter(|_| passage.is_some()) {
            let _ = close.focus();
        }
    });
    Effect::new(move |_| {
        text.track();
        view.passage.track();
        if let Some(mark) = mark.get() {
            mark.scroll_into_view();
        }
    });
    let parts = move || {
        let passage = view.passage.get()?;
        text.with(|text| Some(text.as_ref()?.as_ref().ok().map(|text| cut(text, passage))))
    };
    let shown = move || {
        let (before, lit, after) = parts()??;
        Some(view! {
            <div class="source-text" dir="auto" tabindex="0">
                {before}<mark node_ref=mark data-testid="lit">{lit}</mark>{after}
            </div>
        })
    };
    let missing =
        move || matches!(parts(), Some(None)).then(|| locale.chat_text(|m| m.source_missing));
    let escaped = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            view.passage.set(None);
        }
    };
    view! {
        <aside
            class="source-panel"
            aria-label=locale.chat_text(|m| m.source)
            hidden=move || view.passage.get().is_none()
            on:keydown=escaped
            data-testid="source-panel"
        >
            <div class="source-bar">
                <span class="label">{locale.chat_text(|m| m.source)}</span>
                <button
                    type="button"
                    class="quiet"
                    node_ref=close
                    on:click=move |_| view.passage.set(None)
                >
                    {locale.chat_text(|m| m.close)}
                </button>
            </div>
            {shown}
            <p role="alert">{missing}</p>
        </aside>
    }
    .into_any()
}

fn load(view: ThreadView, text: RwSignal<Option<Result<String, ()>>>) {
    let id = view.conversation.with_untracked(|conversation| conversation.generation_id.clone());
    let Some(id) = id else { return };
    spawn_local(async move {
        let loaded = text_in_time(commands::input(id)).await;
        text.try_set(Some(loaded.map_err(|_| ())));
    });
}

/// What is before, in and after a passage.
fn cut(text: &str, passage: Span) -> (String, String, String) {
    let part = |start: u64, end: u64| -> String {
        let [start, end] = [start, end].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        text.chars().skip(start).take(end.saturating_sub(start)).collect()
    };
    (part(0, passage.start), part(passage.start, passage.end), part(passage.end, u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_counted_in_characters() {
        let cut = |start, end| cut("湖在十一月 froze", Span { start, end });
        assert_eq!(cut(2, 5), ("湖在".into(), "十一月".into(), " froze".into()));
        assert_eq!(cut(6, 99), ("湖在十一月 ".into(), "froze".into(), String::new()));
    }
}
