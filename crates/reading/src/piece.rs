//! Cuts a text into pieces that are worth quoting: sentences that stand together.

use std::ops::Range;

/// A piece is closed when it is this long, in bytes.
const LONG: usize = 600;
/// A piece of at least this many bytes ends with its paragraph.
const SHORT: usize = 200;

/// The byte ranges of the pieces of `text`, in its order. White space between them is left out.
pub(crate) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for line in lines(text) {
        let Some(paragraph) = text.get(line.clone()) else { continue };
        for sentence in llm::lexical::sentences(paragraph) {
            // A sentence is a slice of its paragraph.
            let start = line.start + (sentence.as_ptr().addr() - paragraph.as_ptr().addr());
            let end = start + sentence.len();
            match &mut open {
                Some(piece) if end - piece.start <= LONG => piece.end = end,
                _ => pieces.extend(open.replace(start..end)),
            }
        }
        if open.as_ref().is_some_and(|piece| piece.len() >= SHORT) {
            pieces.extend(open.take());
        }
    }
    pieces.extend(open);
    pieces
}

/// The byte ranges of the lines that say something.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        (!line.trim().is_empty()).then(|| start..start + line.trim_end().len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_sentences_that_stand_together() {
        let sentence = "This is one of the many sentences of a paragraph. ";
        let text = format!("Title\n\n{}\n\n  {}", sentence.repeat(30), sentence.repeat(3));
        let pieces = pieces(&text);
        assert!(pieces.len() > 3);
        assert!(pieces.iter().all(|piece| piece.len() <= LONG + "Title\n\n".len()));
        assert!(pieces.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert!(pieces.iter().all(|piece| text[piece.clone()].ends_with('.')));
        assert!(text[pieces[0].clone()].starts_with("Title"));
    }

    #[test]
    fn an_endless_line_is_cut() {
        let text = "word ".repeat(10_000);
        assert!(pieces(&text).iter().all(|piece| piece.len() < 2 * LONG));
    }
}
