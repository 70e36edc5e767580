//! Draws the sentences of a finished text, and a mark behind each. The text itself stays as it is:
//! marks take no room, and their numbers are not part of it.

use leptos::prelude::document;
use protocol::Evidence;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::messages::Messages;

/// Which sentence an element belongs to.
const SENTENCE: &str = "data-sentence";

/// The sentence that an event's target belongs to.
pub(crate) fn sentence_at(event: &web_sys::Event) -> Option<usize> {
    let element: Element = event.target()?.dyn_into().ok()?;
    let marked = element.closest("[data-sentence]").ok()??;
    marked.get_attribute(SENTENCE)?.parse().ok()
}

/// Draws the marks of a text that `flow` shows in blocks. Says whether it shows all of the text.
pub(crate) fn draw_marks(
    flow: &Element,
    text: &str,
    list: &[(usize, &Evidence)],
    numbers: &[Option<usize>],
    messages: &Messages,
) -> bool {
    let blocks = flow.children();
    let (mut at, mut from) = (0, 0);
    let mut drawn = Vec::new();
    for index in 0..blocks.length() {
        let Some(block) = blocks.item(index) else { break };
        let words = block.text_content().unwrap_or_default();
        let Some(found) = text.get(from..).and_then(|rest| rest.find(&words)) else { return false };
        let start = at + count(&text[from..from + found]);
        (from, at) = (from + found + words.len(), start + count(&words));
        drawn.push((block, words, start));
    }
    if text.get(from..).is_some_and(|rest| !rest.trim().is_empty()) {
        return false;
    }
    for (block, words, start) in drawn {
        let sentences = list
            .iter()
            .filter(|(_, it)| it.start >= start && it.end <= start + count(&words))
            .map(|(number, it)| (*number, it.start - start, it.end - start, it.found));
        fill(&block, &words, sentences, numbers, messages);
    }
    true
}

fn count(text: &str) -> u64 {
    text.chars().count() as u64
}

/// Replaces a block's text by its sentences and marks, at once.
fn fill(
    block: &Element,
    words: &str,
    sentences: impl Iterator<Item = (usize, u64, u64, bool)>,
    numbers: &[Option<usize>],
    messages: &Messages,
) {
    let parts = document().create_document_fragment();
    let append = |node: &Node| {
        let _ = parts.append_child(node);
    };
    let text = |text: &str| document().create_text_node(text);
    let mut at = 0;
    for (number, start, end, is_found) in sentences {
        let span = |start, end| super::part(words, protocol::Span { start, end });
        let Ok(sentence) = document().create_element("span") else { return };
        append(&text(span(at, start)));
        let _ = sentence.append_child(&text(span(start, end)));
        let _ = sentence.set_attribute(SENTENCE, &number.to_string());
        sentence.set_class_name(if is_found { "sentence" } else { "sentence unfound" });
        append(&sentence);
        if let Some(mark) = mark(number, numbers.get(number).copied().flatten(), messages) {
            append(&mark);
        }
        at = end;
    }
    append(&text(super::part(words, protocol::Span { start: at, end: u64::MAX })));
    block.set_text_content(None);
    let _ = block.append_child(&parts);
}

/// The button behind a sentence. Its number is drawn by the style sheet.
fn mark(sentence: usize, number: Option<usize>, messages: &Messages) -> Option<Element> {
    let mark = document().create_element("button").ok()?;
    let label = match number {
        Some(number) => {
            mark.set_attribute("data-number", &number.to_string()).ok()?;
            (messages.where_from)(&number.to_string())
        }
        None => messages.not_in_source.to_owned(),
    };
    mark.set_class_name("mark-of-place");
    for (name, value) in [("type", "button"), ("aria-label", label.as_str())] {
        mark.set_attribute(name, value).ok()?;
    }
    mark.set_attribute(SENTENCE, &sentence.to_string()).ok()?;
    Some(mark)
}
