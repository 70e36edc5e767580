use leptos::{ev, html, prelude::*};

use crate::{
    evidence::{EvidenceView, SourceText},
    hooks::{Local, Timer},
    messages::Locale,
    workspace::Workspace,
};

/// The source to be read, in place of the box, with the places of sentences in it.
#[component]
pub(crate) fn Reading() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let view = workspace.evidence;
    let node = NodeRef::<html::Div>::new();
    let drawn = Local::<Option<SourceText>>::new(|| None);
    let times_drawn = RwSignal::new(0_u32);
    let ticks = RwSignal::new(Vec::<i32>::new());
    Effect::new(move |_| {
        let text = view.text.get();
        let text = text.filter(|_| view.reads.get());
        let Some((text, node)) = text.zip(node.get()) else { return drawn.set(None) };
        drawn.set(Some(SourceText::draw(node.into(), &text, &view.list())));
        times_drawn.update(|times| *times += 1);
    });
    Effect::new(move |_| {
        times_drawn.track();
        let (focus, places) = (view.focus.get(), view.places());
        // Where the places are is known once the source is shown.
        let light = move || {
            let heights = drawn.with(|drawn| {
                let drawn = drawn.as_ref()?;
                drawn.light(&focus, &places);
                Some(drawn.heights(&places))
            });
            ticks.set(heights.flatten().unwrap_or_default());
        };
        StoredValue::new_local(Timer::frame_after(0.0, light));
    });
    let looked = move |event: ev::Event, is_kept| {
        let sentences = drawn.with(|drawn| drawn.as_ref()?.sentences_at(&event)).flatten();
        if let Some(sentences) = sentences {
            view.look_from_source(sentences, is_kept);
        }
    };
    let tick = |top: i32| view! { <i style:top=format!("{top}%")></i> };
    view! {
        <div
            class="reading"
            tabindex="0"
            role="region"
            dir=move || workspace.measure.with(|measure| measure.direction.name())
            aria-label=locale.text(|m| m.source)
            hidden=move || view.text.with(Option::is_none) || !view.reads.get()
            data-testid="reading"
            node_ref=node
            on:mouseover=move |event| looked(event.into(), false)
            on:click=move |event| looked(event.into(), true)
        ></div>
        <div class="ticks" aria-hidden="true" hidden=move || !view.reads.get()>
            {move || ticks.get().into_iter().map(tick).collect_view()}
        </div>
    }
    .into_any()
}

/// Which of a sentence's places is shown, and the way back to the box.
#[component]
pub(crate) fn PlaceCount() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let view = workspace.evidence;
    let edit = move |_| {
        view.close();
        // The box can be focused once it is shown again.
        request_animation_frame(move || {
            if let Some(source) = workspace.source.try_get_untracked().flatten() {
                let _ = source.focus();
            }
        });
    };
    view! {
        <span class="place-count" role="status" data-testid="place-count">
            {move || told(view, locale)}
        </span>
        <button
            type="button"
            class="quiet to-box"
            hidden=move || !view.reads.get()
            on:click=edit
        >
            {locale.text(|m| m.edit_source)}
        </button>
    }
    .into_any()
}

/// Where the reader is: "Place 2 of 4".
pub(super) fn told(view: EvidenceView, locale: Locale) -> Option<String> {
    let (focus, count) = (view.focus.get(), view.places().len());
    let messages = locale.messages();
    if focus.sentences.is_empty() || focus.is_from_source {
        return None;
    }
    if count == 0 {
        return Some(messages.not_in_source.to_owned());
    }
    Some((messages.place_of)(&(focus.place + 1).to_string(), &count.to_string()))
}
