use web_sys::HtmlElement;

use crate::hooks::Pane;

/// The element of a reply that is being written.
pub(super) struct ReplyPane {
    pane: Pane,
    /// The text that is in the element, or pending.
    shown: String,
    /// How much of the text was announced, in bytes.
    announced: usize,
}

impl ReplyPane {
    /// Goes on where the server's rendering of `text` ends.
    pub(super) fn adopt(root: HtmlElement, text: &str) -> Self {
        Self { pane: Pane::adopt(root, text), shown: text.to_owned(), announced: text.len() }
    }

    /// Takes a piece, after which the whole text is `text`.
    pub(super) fn push(&mut self, piece: &str, text: &str) {
        if self.shown.len() + piece.len() == text.len() {
            self.pane.push(piece);
            self.shown.push_str(piece);
        } else {
            self.show(text, true);
        }
    }

    /// Shows `text`. What comes once more from its beginning stays as it is, as long as that is the
    /// same.
    pub(super) fn show(&mut self, text: &str, is_running: bool) {
        if let Some(rest) = text.strip_prefix(self.shown.as_str()) {
            self.pane.push(rest);
        } else if is_running && self.shown.starts_with(text) {
            return;
        } else {
            self.pane.replace(text);
            self.announced = self.announced.min(text.len());
        }
        text.clone_into(&mut self.shown);
    }

    pub(super) fn flush(&mut self) {
        self.pane.flush();
    }

    pub(super) fn finish(&mut self) {
        self.pane.finish();
    }

    /// The paragraphs that are complete and were not announced yet.
    pub(super) fn announcement(&mut self, is_complete: bool) -> Option<String> {
        let rest = self.shown.get(self.announced..)?;
        let end = if is_complete { rest.len() } else { rest.rfind("\n\n")? };
        let announcement = rest.get(..end)?.trim().to_owned();
        self.announced += end;
        Some(announcement).filter(|text| !text.is_empty())
    }
}
