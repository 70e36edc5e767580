use protocol::markdown::{Alignment, Children, Edit, EditError};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node, Text};

use super::{
    output::Output,
    write::{Writer, alignment},
};
use crate::messages::UiLanguage;

/// Keeps a formatted text up to date within an element, where the server or earlier edits have
/// written what there is.
///
/// Text is written as text nodes only, and the cost of an edit depends on the edit alone: what is
/// finished is neither read nor touched.
#[derive(Clone, Debug)]
pub struct LiveMarkdown {
    root: Element,
    language: UiLanguage,
}

impl LiveMarkdown {
    /// Goes on with what is in `root`. The tag (RFC 5646) is of the page's language.
    #[must_use]
    pub fn new(root: Element, language_tag: &str) -> Self {
        let language = UiLanguage::from_tag(language_tag).unwrap_or_default();
        Self { root, language }
    }

    /// Applies the next edit.
    ///
    /// # Errors
    /// [`EditError`] when the edit does not fit, as after one was lost. The text is then to be
    /// written anew.
    pub fn apply(&self, edit: &Edit) -> Result<(), EditError> {
        let mut node: Node = self.root.clone().into();
        for at in 1..=edit.at {
            let last = node.last_child().ok_or(EditError::NoSuchLevel { at })?;
            node = content(last);
        }
        if let Children::Text(text) = &edit.push {
            return write_text(&node, edit.drop, text);
        }
        for _ in 0..edit.drop {
            let last = node.last_child().ok_or(EditError::DropsTooMuch)?;
            node.remove_child(&last).map_err(|_| EditError::DropsTooMuch)?;
        }
        self.write(node, &edit.push);
        Ok(())
    }

    fn write(&self, node: Node, children: &Children) {
        let Some(document) = node.owner_document() else { return };
        let (columns, cells) = match children {
            Children::Rows(_) | Children::Cells(_) => (columns(&node), count(&node)),
            _ => (Vec::new(), 0),
        };
        let mut out = Elements { document, open: vec![node] };
        Writer { out: &mut out, messages: self.language.messages() }
            .children(children, &columns, cells);
    }
}

/// What holds the children of a node of the tree.
fn content(node: Node) -> Node {
    let Some(element) = node.dyn_ref::<Element>() else { return node };
    let within = match element.class_name().as_str() {
        "code" => element.query_selector("code"),
        "table" => element.query_selector("tbody"),
        _ => return node,
    };
    within.ok().flatten().map_or(node, Node::from)
}

/// Appends to a text node, or to the one that an element of code holds.
fn write_text(node: &Node, drop: usize, text: &str) -> Result<(), EditError> {
    let held = if node.is_instance_of::<Text>() { Some(node.clone()) } else { node.last_child() };
    let Some(held) = held.and_then(|node| node.dyn_into::<Text>().ok()) else {
        if drop > 0 {
            return Err(EditError::DropsTooMuch);
        }
        let document = node.owner_document().ok_or(EditError::OtherKind)?;
        let written = node.append_child(&document.create_text_node(text));
        return written.map(|_| ()).map_err(|_| EditError::OtherKind);
    };
    if drop > 0 {
        let drop = u32::try_from(drop).map_err(|_| EditError::DropsTooMuch)?;
        let kept = held.length().checked_sub(drop).ok_or(EditError::DropsTooMuch)?;
        held.delete_data(kept, drop).map_err(|_| EditError::DropsTooMuch)?;
    }
    held.append_data(text).map_err(|_| EditError::OtherKind)
}

/// How the columns are aligned of the table that a node is in.
fn columns(node: &Node) -> Vec<Alignment> {
    let table = node.dyn_ref::<Element>().and_then(|node| node.closest("table").ok().flatten());
    let head = table.and_then(|table| table.query_selector("tr").ok().flatten());
    let mut columns = Vec::new();
    let mut next = head.and_then(|row| row.first_element_child());
    while let Some(cell) = next {
        columns.push(alignment(&cell.class_name()));
        next = cell.next_element_sibling();
    }
    columns
}

/// How many cells a row has.
fn count(node: &Node) -> usize {
    let row = node.dyn_ref::<Element>();
    row.map_or(0, |row| row.child_element_count() as usize)
}

/// Elements within the last of `open`.
struct Elements {
    document: Document,
    open: Vec<Node>,
}

impl Output for Elements {
    fn open(&mut self, tag: &'static str, attributes: &[(&'static str, Option<&str>)]) {
        let Ok(element) = self.document.create_element(tag) else { return };
        for (name, value) in attributes {
            if let Some(value) = value {
                let _ = element.set_attribute(name, value);
            }
        }
        self.open.push(element.into());
    }

    fn text(&mut self, text: &str) {
        // An empty text node is one that the server's HTML could not have.
        if let Some(node) = self.open.last().filter(|_| !text.is_empty()) {
            let _ = node.append_child(&self.document.create_text_node(text));
        }
    }

    fn close(&mut self, _tag: &'static str) {
        if let Some(node) = self.open.pop()
            && let Some(parent) = self.open.last()
        {
            let _ = parent.append_child(&node);
        }
    }
}
