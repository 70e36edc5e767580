use std::collections::VecDeque;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, Text};

use crate::{
    browser,
    scroll_anchor::is_at_end_of,
    text::{Cut, Cutter},
};

/// Pieces longer than this appear without fading in: they come too fast to be followed.
const FADE_BYTES: usize = 48;
/// How long a piece fades in.
const FADE_MS: f64 = 160.0;

/// Writes a growing text into an element, block by block, as text nodes only.
///
/// It keeps no text: it knows how much of it the element has. The cost depends on the new text, not
/// on the old: only the last block is ever touched.
pub(crate) struct Pane {
    root: HtmlElement,
    cutter: Cutter,
    /// How much of the text is in the element, in bytes.
    written_bytes: usize,
    block: Option<Element>,
    tail: Option<Text>,
    /// Pieces that are fading in after `tail`, oldest first, each with its time.
    fading: VecDeque<(Element, f64)>,
    fades: bool,
}

impl Pane {
    /// Goes on where the rendering of `text` ends.
    pub(crate) fn adopt(root: HtmlElement, text: &str) -> Self {
        let mut cutter = Cutter::default();
        cutter.feed(text);
        let block = root.last_element_child();
        let last = block.as_ref().and_then(|block| block.last_child());
        Self {
            root,
            cutter,
            written_bytes: text.len(),
            block,
            tail: last.and_then(|node| node.dyn_into().ok()),
            fading: VecDeque::new(),
            fades: !browser::prefers_stillness(),
        }
    }

    /// Empties the element, for another text.
    pub(crate) fn restart(&mut self) {
        self.root.set_text_content(None);
        self.cutter = Cutter::default();
        self.written_bytes = 0;
        self.block = None;
        self.tail = None;
        self.fading.clear();
    }

    /// Writes what `text` has more than the element. Where the pane scrolls by itself, whoever is
    /// at its end stays there.
    pub(crate) fn write(&mut self, text: &str) {
        let Some(rest) = text.get(self.written_bytes..).filter(|rest| !rest.is_empty()) else {
            return;
        };
        let follows = is_at_end_of(&self.root);
        for cut in self.cutter.feed(rest) {
            match cut {
                Cut::Begin(paragraph) => self.begin(paragraph),
                Cut::Text(text) => self.append(&text),
            }
        }
        self.written_bytes = text.len();
        if follows {
            self.root.set_scroll_top(self.root.scroll_height());
        }
    }

    /// Lets nothing fade any more.
    pub(crate) fn finish(&mut self) {
        self.settle(f64::INFINITY);
    }

    fn begin(&mut self, paragraph: bool) {
        self.settle(f64::INFINITY);
        let Ok(block) = document().create_element("p") else { return };
        block.set_class_name(if paragraph { "block paragraph" } else { "block" });
        let _ = self.root.append_child(&block);
        self.block = Some(block);
        self.tail = None;
    }

    fn append(&mut self, text: &str) {
        if !self.fades || text.len() > FADE_BYTES || browser::is_hidden() {
            self.settle(f64::INFINITY);
            self.append_to_tail(text, None);
            return;
        }
        let now = browser::clock_ms();
        self.settle(now - FADE_MS);
        let (Some(block), Ok(piece)) = (&self.block, document().create_element("span")) else {
            return;
        };
        piece.set_class_name("fresh");
        piece.set_text_content(Some(text));
        let _ = block.append_child(&piece);
        self.fading.push_back((piece, now));
    }

    /// Makes pieces from before `until` part of the text node in front of them.
    fn settle(&mut self, until: f64) {
        while let Some((piece, _)) = self.fading.pop_front_if(|(_, since)| *since <= until) {
            let text = piece.text_content().unwrap_or_default();
            self.append_to_tail(&text, Some(&piece));
            piece.remove();
        }
    }

    fn append_to_tail(&mut self, text: &str, before: Option<&Node>) {
        if let Some(tail) = &self.tail {
            let _ = tail.append_data(text);
            return;
        }
        let tail = document().create_text_node(text);
        if let Some(block) = &self.block {
            let _ = block.insert_before(&tail, before);
        }
        self.tail = Some(tail);
    }
}
