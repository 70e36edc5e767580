use web_sys::HtmlElement;

use crate::hooks::Pane;

/// The element of a reply that is being written.
pub(super) struct ReplyPane {
    pane: Pane,
    /// How much of the text was announced, in bytes.
    announced: usize,
}

impl ReplyPane {
    /// Goes on where the server's rendering of `text` ends.
    pub(super) fn adopt(root: HtmlElement, text: &str) -> Self {
        Self { pane: Pane::adopt(root, text), announced: text.len() }
    }

    /// Writes what `text` has more than the element. A reply is only ever appended to, so while it
    /// is received once more from its beginning, the element stays as it is.
    pub(super) fn write(&mut self, text: &str) {
        self.pane.write(text);
    }

    pub(super) fn finish(&mut self) {
        self.pane.finish();
    }

    /// The paragraphs of `text` that are complete and were not announced yet.
    pub(super) fn announcement(&mut self, text: &str, is_complete: bool) -> Option<String> {
        let rest = text.get(self.announced..)?;
        let end = if is_complete { rest.len() } else { rest.rfind("\n\n")? };
        let announcement = rest.get(..end)?.trim().to_owned();
        self.announced += end;
        Some(announcement).filter(|text| !text.is_empty())
    }
}
