use protocol::markdown::{Block, Children, Edit};
use web_sys::Element;

use crate::components::LiveMarkdown;

/// The element of a reply.
pub(super) struct ReplyPane {
    root: Element,
    live: LiveMarkdown,
    /// Whether the reply comes once more from its beginning: what is shown stays until then.
    begins_anew: bool,
    /// How many of its blocks were announced.
    announced: u32,
}

impl ReplyPane {
    /// Goes on with what is in `root`.
    pub(super) fn adopt(root: Element, language_tag: &str) -> Self {
        let live = LiveMarkdown::new(root.clone(), language_tag);
        let announced = root.child_element_count();
        Self { root, live, begins_anew: false, announced }
    }

    /// The reply comes once more from its beginning.
    pub(super) fn restart(&mut self) {
        self.begins_anew = true;
    }

    /// Applies the next operations. They fit, as they do in what the page keeps beside it.
    pub(super) fn apply(&mut self, edits: &[Edit]) {
        if self.begins_anew && !edits.is_empty() {
            self.begins_anew = false;
            self.root.set_text_content(None);
        }
        for edit in edits {
            let _ = self.live.apply(edit);
        }
    }

    /// Shows these blocks in place of all that there is.
    pub(super) fn rewrite(&mut self, blocks: Vec<Block>) {
        self.begins_anew = true;
        self.apply(&[Edit { at: 0, drop: 0, push: Children::Blocks(blocks) }]);
    }

    /// The text of the blocks that are complete and were not announced yet.
    pub(super) fn announcement(&mut self, is_complete: bool) -> Option<String> {
        let count = self.root.child_element_count();
        let complete = if is_complete { count } else { count.saturating_sub(1) };
        let blocks = self.root.children();
        let text: Vec<_> = (self.announced..complete)
            .filter_map(|index| blocks.item(index)?.text_content())
            .collect();
        self.announced = self.announced.max(complete);
        Some(text.join("\n")).filter(|text| !text.is_empty())
    }
}
