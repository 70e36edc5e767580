//! The source as it is shown to be read: text nodes, and elements for the places in it.

use leptos::prelude::document;
use protocol::{Evidence, Span};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::Focus;

/// The elements of a source's places. A place that several sentences share in part is in pieces.
pub(crate) struct SourceText {
    root: HtmlElement,
    pieces: Vec<Piece>,
}

struct Piece {
    span: Span,
    element: HtmlElement,
    /// The sentences that come from there.
    sentences: Vec<usize>,
}

impl SourceText {
    /// Writes `text` into `root`.
    pub(crate) fn draw(root: HtmlElement, text: &str, list: &[Evidence]) -> Self {
        root.set_text_content(None);
        let mut pieces = Vec::new();
        let (mut rest, mut at) = (text, 0);
        for (span, sentences) in pieces_of(list) {
            let (before, from) = split(rest, span.start - at);
            let (words, beyond) = split(from, span.end - span.start);
            (rest, at) = (beyond, span.end);
            let _ = root.append_child(&document().create_text_node(before));
            let element = document().create_element("span").ok();
            let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
                continue;
            };
            element.set_class_name("place");
            element.set_text_content(Some(words));
            let _ = root.append_child(&element);
            pieces.push(Piece { span, element, sentences });
        }
        let _ = root.append_child(&document().create_text_node(rest));
        Self { root, pieces }
    }

    /// The sentences that come from what an event is about.
    pub(crate) fn sentences_at(&self, event: &web_sys::Event) -> Option<Vec<usize>> {
        let target: Element = event.target()?.dyn_into().ok()?;
        let piece = self.pieces.iter().find(|piece| **piece.element == *target)?;
        Some(piece.sentences.clone())
    }

    /// Lights what is looked at, and scrolls to it unless the reader points there.
    pub(crate) fn light(&self, focus: &Focus, places: &[Span]) {
        let current = places.get(focus.place);
        for piece in &self.pieces {
            let is_lit = piece.sentences.iter().any(|it| focus.sentences.contains(it));
            let is_current = current.is_some_and(|place| covers(*place, piece.span));
            let classes = piece.element.class_list();
            let _ = classes.toggle_with_force("lit", is_lit);
            let _ = classes.toggle_with_force("current", is_lit && is_current);
        }
        let first = |span: &Span| self.pieces.iter().find(|piece| covers(*span, piece.span));
        if let Some(piece) = current.and_then(first).filter(|_| !focus.is_from_source) {
            let middle = piece.element.offset_top() - self.root.client_height() / 3;
            self.root.set_scroll_top(middle.max(0));
        }
    }

    /// How far down each of these places is, in hundredths of the height.
    pub(crate) fn heights(&self, places: &[Span]) -> Vec<i32> {
        let height = self.root.scroll_height().max(1);
        let first = |span: &Span| self.pieces.iter().find(|piece| covers(*span, piece.span));
        let tops = places.iter().filter_map(first).map(|piece| piece.element.offset_top());
        tops.map(|top| top * 100 / height).collect()
    }
}

fn covers(place: Span, piece: Span) -> bool {
    place.start <= piece.start && piece.end <= place.end
}

/// All places without overlaps, in their order, each with the sentences that come from there.
fn pieces_of(list: &[Evidence]) -> Vec<(Span, Vec<usize>)> {
    let spans = || list.iter().flat_map(|it| &it.spans);
    let mut cuts: Vec<u64> = spans().flat_map(|span| [span.start, span.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = Vec::new();
    for pair in cuts.windows(2) {
        let &[start, end] = pair else { continue };
        let piece = Span { start, end };
        let of = |it: &Evidence| it.spans.iter().any(|span| covers(*span, piece));
        let sentences: Vec<usize> =
            list.iter().enumerate().filter(|(_, it)| of(it)).map(|(number, _)| number).collect();
        if !sentences.is_empty() {
            pieces.push((piece, sentences));
        }
    }
    pieces
}

fn split(text: &str, chars: u64) -> (&str, &str) {
    let at = usize::try_from(chars).unwrap_or(usize::MAX);
    text.split_at(text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte))
}

#[cfg(test)]
mod tests {
    use protocol::EvidenceKind;

    use super::*;

    fn evidence(spans: &[(u64, u64)]) -> Evidence {
        let spans = spans.iter().map(|&(start, end)| Span { start, end }).collect();
        let kind = EvidenceKind::Lexical;
        Evidence { path: "/summary".to_owned(), start: 0, end: 1, spans, kind, found: true }
    }

    #[test]
    fn places_that_overlap_are_cut_into_pieces() {
        let list = [evidence(&[(0, 10), (20, 30)]), evidence(&[(5, 15)]), evidence(&[])];
        let pieces: Vec<_> = pieces_of(&list)
            .into_iter()
            .map(|(span, sentences)| (span.start, span.end, sentences))
            .collect();
        let expected = [(0, 5, vec![0]), (5, 10, vec![0, 1]), (10, 15, vec![1]), (20, 30, vec![0])];
        assert_eq!(pieces, expected);
    }
}
