use protocol::markdown::{Block, Cell, Children, Inline, Item, Row};

use crate::{levels::Container, node::Node};

/// A node that is being read, with the children that it has so far.
pub(crate) struct Frame {
    pub(crate) node: Node,
    pub(crate) start: usize,
    pub(crate) children: Children,
    /// Inlines among blocks, as in a tight list: a paragraph to be.
    pub(crate) loose: Vec<Inline>,
    /// Of a list, where its last two items begin.
    pub(crate) items: [Option<usize>; 2],
}

/// A node that has been read.
pub(crate) enum Child {
    Block(Block),
    Item(Item),
    Head(Vec<Cell>),
    Row(Row),
    Cell(Cell),
    Inline(Inline),
}

impl Frame {
    pub(crate) fn new(node: Node, start: usize) -> Self {
        let children = match node {
            Node::Quote | Node::Item(_) => Children::Blocks(Vec::new()),
            Node::List(_) => Children::Items(Vec::new()),
            Node::Table(..) => Children::Rows(Vec::new()),
            Node::Head | Node::Row => Children::Cells(Vec::new()),
            Node::Code(_) => Children::Text(String::new()),
            Node::Committed(container) => container.no_children(),
            _ => Children::Inlines(Vec::new()),
        };
        Self { node, start, children, loose: Vec::new(), items: [None; 2] }
    }

    /// The document, which is like a quotation of everything.
    pub(crate) fn document() -> Self {
        Self::new(Node::Committed(Container::Quote), 0)
    }

    /// Whether it holds blocks and no inline among them waits for its paragraph.
    pub(crate) fn has_only_blocks(&self) -> bool {
        matches!(self.children, Children::Blocks(_)) && self.loose.is_empty()
    }

    pub(crate) fn put(&mut self, child: Child) {
        match (child, &mut self.children) {
            (Child::Block(block), Children::Blocks(blocks)) => blocks.push(block),
            (Child::Item(item), Children::Items(items)) => items.push(item),
            (Child::Row(row), Children::Rows(rows)) => rows.push(row),
            (Child::Cell(cell), Children::Cells(cells)) => cells.push(cell),
            (Child::Inline(inline), Children::Inlines(inlines)) => inlines.push(inline),
            (Child::Inline(inline), Children::Blocks(_)) => self.loose.push(inline),
            (Child::Head(cells), _) => {
                if let Node::Table(_, head) = &mut self.node {
                    *head = cells;
                }
            }
            // The builder frames only what fits.
            _ => {}
        }
    }

    /// Appends to the text at its end.
    pub(crate) fn put_text(&mut self, text: &str) {
        let last = match &mut self.children {
            Children::Text(code) => return code.push_str(text),
            Children::Inlines(inlines) => inlines.last_mut(),
            _ => self.loose.last_mut(),
        };
        match last {
            Some(Inline::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.put(Child::Inline(Inline::Text(text.to_owned()))),
        }
    }

    /// The node, where it is no committed one. `finished` gets the inlines of a whole block.
    pub(crate) fn into_child(
        self,
        finished: impl FnOnce(Vec<Inline>) -> Vec<Inline>,
    ) -> Option<Child> {
        let Self { node, children, .. } = self;
        Some(match children {
            Children::Inlines(text) => inlines(node, text, finished)?,
            Children::Blocks(blocks) => match node {
                Node::Quote => Child::Block(Block::Quote(blocks)),
                Node::Item(checked) => Child::Item(Item { checked, blocks }),
                _ => return None,
            },
            Children::Items(items) => match node {
                Node::List(start) => Child::Block(Block::List { start, items }),
                _ => return None,
            },
            Children::Rows(rows) => match node {
                Node::Table(columns, head) => Child::Block(Block::Table { columns, head, rows }),
                _ => return None,
            },
            Children::Cells(cells) => match node {
                Node::Head => Child::Head(cells),
                Node::Row => Child::Row(row(cells)),
                _ => return None,
            },
            Children::Text(text) => match node {
                Node::Code(language) => Child::Block(Block::Code { language, text }),
                _ => return None,
            },
        })
    }
}

fn inlines(
    node: Node,
    mut text: Vec<Inline>,
    finished: impl FnOnce(Vec<Inline>) -> Vec<Inline>,
) -> Option<Child> {
    Some(match node {
        Node::Paragraph => Child::Block(paragraph(finished(text))),
        Node::Heading(level) => Child::Block(Block::Heading { level, text: finished(text) }),
        Node::Html => {
            text.pop_if(|last| *last == Inline::Break);
            Child::Block(paragraph(text))
        }
        Node::Cell => Child::Cell(Cell { text: finished(text) }),
        Node::Strong => Child::Inline(Inline::Strong(text)),
        Node::Emphasis => Child::Inline(Inline::Emphasis(text)),
        Node::Strikethrough => Child::Inline(Inline::Strikethrough(text)),
        Node::Link(href) => Child::Inline(Inline::Link { href, text }),
        _ => return None,
    })
}

pub(crate) fn paragraph(text: Vec<Inline>) -> Block {
    Block::Paragraph { text, continues: false }
}

/// A row without the empty cells at its end, which the parser adds where some are missing.
fn row(mut cells: Vec<Cell>) -> Row {
    let filled = cells.iter().rposition(|cell| !cell.text.is_empty());
    cells.truncate(filled.map_or(0, |last| last + 1));
    Row { cells }
}
