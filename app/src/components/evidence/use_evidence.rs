use std::sync::Arc;

use leptos::{ev, prelude::*};
use protocol::Evidence;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::{
    evidence::{EvidenceView, draw_marks, sentence_at},
    generation_view::GenerationView,
    hooks::{Listener, Timer},
    messages::Locale,
    workspace::Workspace,
};

/// How long the last words may take to be on the page, and how often that is looked for.
const PAUSE_MS: f64 = 50.0;
const ATTEMPTS: u32 = 40;

/// Shows the evidence of a generation, once it is there: marks behind the sentences, and what the
/// reader looks at.
pub(crate) fn use_evidence(run: GenerationView, id: String, text: Option<String>) {
    let (view, locale) = (Workspace::here().evidence, Locale::here());
    Effect::new(move |_| {
        if run.evidence.with(Vec::is_empty) || !run.is_over.get() {
            return;
        }
        view.show(&id, run.evidence.get_untracked(), text.as_deref());
        draw(run, locale, ATTEMPTS);
        listen(view);
    });
    Effect::new(move |_| {
        let lit = view.focus.with(|focus| focus.sentences.clone());
        for element in drawn_sentences() {
            let number = element.get_attribute("data-sentence").and_then(|it| it.parse().ok());
            let is_lit = number.is_some_and(|number: usize| lit.contains(&number));
            let _ = element.class_list().toggle_with_force("lit", is_lit);
        }
    });
    on_cleanup(move || view.clear());
}

fn drawn_sentences() -> Vec<Element> {
    let found = document().query_selector_all(".fields [data-sentence]").ok();
    let nodes = found.into_iter().flat_map(|found| {
        (0..found.length()).filter_map(move |at| found.item(at)?.dyn_into().ok())
    });
    nodes.collect()
}

/// Draws the marks, as soon as all words are on the page.
fn draw(run: GenerationView, locale: Locale, attempts: u32) {
    let list = run.evidence.get_untracked();
    let numbers = numbers(&list);
    let messages = locale.messages_untracked();
    let is_drawn = |(path, field): (Arc<str>, crate::document::TextField)| {
        let own: Vec<(usize, &Evidence)> =
            list.iter().enumerate().filter(|(_, it)| it.path == *path).collect();
        let Some(flow) = field.node.get_untracked().filter(|_| !own.is_empty()) else {
            return own.is_empty();
        };
        let is_drawn = flow.query_selector("[data-sentence]").ok().flatten().is_some();
        is_drawn || draw_marks(&flow, &run.text_at(&path), &own, &numbers, messages)
    };
    let undrawn = run.document.texts().into_iter().filter(|text| !is_drawn(text.clone())).count();
    if undrawn > 0 && attempts > 0 {
        let again = Timer::after(PAUSE_MS, move || {
            if run.evidence.try_get_untracked().is_some() {
                draw(run, locale, attempts - 1);
            }
        });
        // It is to call even when nothing holds it.
        std::mem::forget(again);
    }
}

/// The number that each sentence shows: those that were found are counted.
fn numbers(list: &[Evidence]) -> Vec<Option<usize>> {
    let mut last = 0;
    list.iter()
        .map(|it| {
            last += usize::from(it.found);
            it.found.then_some(last)
        })
        .collect()
}

/// Follows the pointer, the focus and the keys over sentences and marks.
fn listen(view: EvidenceView) {
    let over = Listener::on("mouseover", move |event| match sentence_at(&event) {
        Some(sentence) => view.look_at(sentence, false),
        None if !is_in_source(&event) => view.look_away(),
        None => {}
    });
    let chosen = move |event: ev::Event| {
        if let Some(sentence) = sentence_at(&event) {
            view.look_at(sentence, true);
        }
    };
    let keyed = Listener::on("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        match key.key().as_str() {
            "Escape" if view.reads.get_untracked() => view.close(),
            "ArrowDown" if sentence_at(&event).is_some() => {
                event.prevent_default();
                view.step(1);
            }
            "ArrowUp" if sentence_at(&event).is_some() => {
                event.prevent_default();
                view.step(-1);
            }
            _ => {}
        }
    });
    let listeners = [over, Listener::on("click", chosen), Listener::on("focusin", chosen), keyed];
    StoredValue::new_local(listeners);
}

fn is_in_source(event: &ev::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(".source").ok().flatten().is_some())
}
