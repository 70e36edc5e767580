use protocol::markdown::{Block, Edit, Rendered};

use crate::{diff::diff, levels::Levels, open_text::OpenText};

/// Reads a text that comes in pieces.
///
/// The edits of a stream follow each other: each is for the document that those before it made,
/// beginning with an empty one. What is unterminated at the moment is shown as what it is going to
/// be; when it turns out otherwise, only what is open is made anew.
#[derive(Debug)]
pub struct Stream {
    text: OpenText,
    /// What is shown after what has been committed.
    shown: Levels,
}

impl Default for Stream {
    fn default() -> Self {
        Self::new()
    }
}

impl Stream {
    /// An empty document.
    #[must_use]
    pub fn new() -> Self {
        let text = OpenText::default();
        let shown = text.nothing();
        Self { text, shown }
    }

    /// Takes the next piece of the text and returns how the document changes.
    pub fn push(&mut self, piece: &str) -> Vec<Edit> {
        self.show(piece, true)
    }

    /// Says that the text is whole.
    #[must_use]
    pub fn finish(mut self) -> Vec<Edit> {
        self.show("", false)
    }

    fn show(&mut self, piece: &str, may_go_on: bool) -> Vec<Edit> {
        let mut new = self.text.nothing();
        self.text.append(piece, &mut new);
        let shown = self.text.levels(may_go_on);
        new.join(shown.clone());
        let edits = diff(&self.shown, &new);
        self.shown = shown;
        edits
    }
}

/// Renders a whole text.
#[must_use]
pub fn render(text: &str) -> Vec<Block> {
    let mut stream = Stream::new();
    let mut rendered = Rendered::default();
    let last = stream.show(text, false);
    for edit in &last {
        let applied = rendered.apply(edit);
        debug_assert_eq!(applied, Ok(()), "a stream's edits follow each other");
    }
    rendered.into_blocks()
}
