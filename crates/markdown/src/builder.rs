use std::ops::Range;

use protocol::markdown::{Block, Cell, Children, Inline, Item, Row};
use pulldown_cmark::{Event, Tag};

use crate::{
    levels::{Container, Levels},
    links::with_bare_links,
    node::Node,
};

/// Containers in containers beyond this many levels are flattened.
const MAX_CONTAINERS: usize = 32;
/// Emphasis and links in each other beyond this many levels are flattened.
const MAX_INLINES: usize = 8;

/// What is known of the text that is read.
#[derive(Clone, Copy)]
pub(crate) struct Extent<'a> {
    /// The length of the opening that it begins with: what stands there has been committed.
    pub(crate) opening: usize,
    /// The containers that the opening opens.
    pub(crate) open: &'a [Container],
    /// Where what has arrived ends, without the white space after it. What follows completes it.
    pub(crate) end: usize,
    /// Whether more may come.
    pub(crate) may_go_on: bool,
}

/// What a text was read as.
pub(crate) struct Parsed {
    pub(crate) levels: Levels,
    pub(crate) leaf: Option<Leaf>,
    /// Whether the opening opened what it is to open.
    pub(crate) reopened: bool,
}

/// The last leaf of a text: a block that holds no blocks.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) kind: LeafKind,
    /// The containers that it is in, outermost first.
    pub(crate) path: Vec<Step>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where its inlines are; of a table, those of the last cell.
    pub(crate) inlines: Option<Range<usize>>,
    /// Where its text ends.
    pub(crate) text_end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeafKind {
    Paragraph,
    Fenced,
    Table,
    Other,
}

/// A container on the way to a leaf.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) container: Container,
    pub(crate) start: usize,
    /// Of a list, where the item before its last one begins.
    pub(crate) previous_item: Option<usize>,
}

/// Makes a tree of the parser's events, without recursion.
pub(crate) struct Builder<'a> {
    extent: Extent<'a>,
    levels: Levels,
    leaf: Option<Leaf>,
    frames: Vec<Frame>,
    /// For each of the parser's nodes that is open, whether it has a frame.
    framed: Vec<bool>,
    /// How many containers of the open chain have been entered.
    entered: usize,
    /// Where the last text ends.
    text_end: usize,
}

struct Frame {
    node: Node,
    start: usize,
    children: Children,
    /// Inlines among blocks, as in a tight list: a paragraph to be.
    loose: Vec<Inline>,
    /// Of a list, where its last two items begin.
    items: [Option<usize>; 2],
}

impl Frame {
    fn new(node: Node, start: usize) -> Self {
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
}

impl<'a> Builder<'a> {
    pub(crate) fn new(extent: Extent<'a>) -> Self {
        // The document is like a quotation of everything.
        let document = Frame::new(Node::Committed(Container::Quote), 0);
        Self {
            extent,
            levels: Levels::none(extent.open),
            leaf: None,
            frames: vec![document],
            framed: Vec::new(),
            entered: 0,
            text_end: 0,
        }
    }

    pub(crate) fn finish(mut self) -> Parsed {
        while !self.frames.is_empty() {
            self.close_frame();
        }
        let reopened = self.entered == self.extent.open.len();
        Parsed { levels: self.levels, leaf: self.leaf, reopened }
    }

    pub(crate) fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => return self.open(tag, range),
            Event::End(_) => return self.close(),
            Event::TaskListMarker(checked) => return self.check(checked),
            _ if range.start < self.extent.opening => return,
            Event::Rule => {
                self.begin_leaf(LeafKind::Other, range);
                return self.push_block(Block::Rule);
            }
            _ => {}
        }
        self.text_end = range.end;
        if let Some(leaf) = &mut self.leaf {
            leaf.text_end = range.end;
        }
        if let Some(Frame { children: Children::Text(code), .. }) = self.frames.last_mut() {
            if let Event::Text(text) = event {
                code.push_str(&text);
            }
            return;
        }
        self.begin_inline(&range);
        self.extend_leaf(&range);
        match event {
            Event::Text(text) | Event::InlineHtml(text) => self.push_text(&text),
            Event::Html(text) => self.push_html(&text),
            Event::SoftBreak => self.push_text("\n"),
            Event::HardBreak => self.push_inline(Inline::Break),
            Event::Code(code) => self.push_inline(Inline::Code(code.into_string())),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let fenced = matches!(&tag, Tag::CodeBlock(kind) if kind.is_fenced());
        let image = matches!(&tag, Tag::Image { .. });
        let mut node = Node::of(tag);
        let is_committed = self.is_committed(&node, &range);
        match &node {
            Node::Paragraph => self.begin_leaf(LeafKind::Paragraph, range.clone()),
            Node::Code(_) if fenced => self.begin_leaf(LeafKind::Fenced, range.clone()),
            Node::Table(..) => self.begin_leaf(LeafKind::Table, range.clone()),
            Node::Heading(_) | Node::Html | Node::Code(_) => {
                self.begin_leaf(LeafKind::Other, range.clone());
            }
            _ => {}
        }
        // Cells that a row lacks have no place in the text.
        if let (Node::Paragraph | Node::Heading(_) | Node::Cell, Some(leaf)) =
            (&node, &mut self.leaf)
            && !range.is_empty()
        {
            leaf.inlines = Some(range.clone());
        }
        if node.is_inline() || image {
            self.begin_inline(&range);
            self.extend_leaf(&range);
        }
        if is_committed && let Some(container) = node.container() {
            node = Node::Committed(container);
            self.entered += 1;
        }
        if matches!(node, Node::Item(_) | Node::Committed(Container::Item))
            && let Some(list) = self.frames.last_mut()
        {
            list.items = [list.items[1], Some(range.start)];
        }
        let framed = self.fits(&node);
        self.framed.push(framed);
        if framed {
            self.frames.push(Frame::new(node, range.start));
        }
    }

    /// Whether it is the next container of the open chain.
    fn is_committed(&self, node: &Node, range: &Range<usize>) -> bool {
        range.start < self.extent.opening
            && self.frames.len() == self.entered + 1
            && node
                .container()
                .is_some_and(|node| self.extent.open.get(self.entered) == Some(&node))
    }

    /// Whether the node can stand in the one that is open.
    fn fits(&self, node: &Node) -> bool {
        let Some(parent) = self.frames.last() else { return false };
        let containers = || {
            let frames = self.frames.iter().filter_map(|frame| frame.node.container());
            frames.filter(|container| !matches!(container, Container::Table)).count()
        };
        match (node, &parent.children) {
            (Node::Committed(_), _) => true,
            (Node::Transparent, _) => false,
            (Node::List(_), Children::Blocks(_)) => containers() + 2 <= MAX_CONTAINERS,
            (Node::Quote, Children::Blocks(_)) => containers() < MAX_CONTAINERS,
            (Node::Link(href), _) => {
                let open = self.frames.iter().filter(|frame| frame.node.is_inline());
                let links = open.filter(|frame| matches!(frame.node, Node::Link(_))).count();
                links == 0 && (self.extent.may_go_on || !href.is_empty()) && self.fits_inline()
            }
            (node, _) if node.is_inline() => self.fits_inline(),
            (Node::Item(_), Children::Items(_))
            | (Node::Head | Node::Row, Children::Rows(_))
            | (Node::Cell, Children::Cells(_))
            | (
                Node::Paragraph | Node::Heading(_) | Node::Code(_) | Node::Html | Node::Table(..),
                Children::Blocks(_),
            ) => true,
            _ => false,
        }
    }

    fn fits_inline(&self) -> bool {
        self.frames.iter().filter(|frame| frame.node.is_inline()).count() < MAX_INLINES
    }

    fn begin_leaf(&mut self, kind: LeafKind, range: Range<usize>) {
        let is_committed = matches!(kind, LeafKind::Fenced | LeafKind::Table);
        if range.start < self.extent.opening && !is_committed {
            return;
        }
        self.end_loose();
        let path = self.frames.iter().skip(1).filter_map(|frame| {
            let previous_item = frame.items[0];
            let container = frame.node.container()?;
            Some(Step { container, start: frame.start, previous_item })
        });
        let (path, start, end) = (path.collect(), range.start, range.end);
        self.leaf = Some(Leaf { kind, path, start, end, inlines: None, text_end: start });
    }

    /// Begins a paragraph where an inline stands among blocks.
    fn begin_inline(&mut self, range: &Range<usize>) {
        let begins = self.frames.last().is_some_and(|frame| {
            matches!(frame.children, Children::Blocks(_)) && frame.loose.is_empty()
        });
        if begins && range.start >= self.extent.opening {
            self.begin_leaf(LeafKind::Paragraph, range.clone());
            if let Some(leaf) = &mut self.leaf {
                leaf.inlines = Some(range.clone());
            }
        }
    }

    /// A paragraph among blocks says nowhere where it ends.
    fn extend_leaf(&mut self, range: &Range<usize>) {
        if let Some(leaf) = &mut self.leaf {
            leaf.end = leaf.end.max(range.end);
            if let Some(inlines) = &mut leaf.inlines {
                inlines.end = inlines.end.max(range.end);
            }
        }
    }

    fn check(&mut self, checked: bool) {
        let items = self.frames.iter_mut().rev();
        let item = items.map(|frame| &mut frame.node).find(|node| matches!(node, Node::Item(_)));
        if let Some(item) = item {
            *item = Node::Item(Some(checked));
        }
    }

    fn close(&mut self) {
        match self.framed.pop() {
            Some(true) => self.close_frame(),
            // A paragraph of its own would have ended here.
            _ => self.end_loose(),
        }
    }

    fn close_frame(&mut self) {
        self.end_loose();
        let Some(Frame { node, start, children, .. }) = self.frames.pop() else { return };
        if let Node::Committed(_) = node {
            if let Some(level) = self.levels.0.get_mut(self.frames.len()) {
                *level = children;
            }
            return;
        }
        if start < self.extent.opening && children.is_empty() {
            return;
        }
        match (node, children) {
            (Node::Item(checked), Children::Blocks(blocks)) => {
                self.push_to(|parent| {
                    if let Children::Items(items) = parent {
                        items.push(Item { checked, blocks });
                    }
                });
            }
            (Node::Head, Children::Cells(cells)) => {
                if let Some(Frame { node: Node::Table(_, head), .. }) = self.frames.last_mut() {
                    *head = cells;
                }
            }
            (Node::Row, Children::Cells(mut cells)) => {
                let filled = cells.iter().rposition(|cell| !cell.text.is_empty());
                cells.truncate(filled.map_or(0, |last| last + 1));
                self.push_to(|parent| {
                    if let Children::Rows(rows) = parent {
                        rows.push(Row { cells });
                    }
                });
            }
            (Node::Cell, Children::Inlines(text)) => {
                let text = self.with_links(text);
                self.push_to(|parent| {
                    if let Children::Cells(cells) = parent {
                        cells.push(Cell { text });
                    }
                });
            }
            (Node::Strong, Children::Inlines(text)) => self.push_inline(Inline::Strong(text)),
            (Node::Emphasis, Children::Inlines(text)) => self.push_inline(Inline::Emphasis(text)),
            (Node::Strikethrough, Children::Inlines(text)) => {
                self.push_inline(Inline::Strikethrough(text));
            }
            (Node::Link(href), Children::Inlines(text)) => {
                self.push_inline(Inline::Link { href, text });
            }
            (node, children) => {
                if let Some(block) = self.block(node, children) {
                    self.push_block(block);
                }
            }
        }
    }

    fn block(&self, node: Node, children: Children) -> Option<Block> {
        Some(match (node, children) {
            (Node::Paragraph, Children::Inlines(text)) => {
                Block::Paragraph { text: self.with_links(text), continues: false }
            }
            (Node::Html, Children::Inlines(mut text)) => {
                text.pop_if(|last| *last == Inline::Break);
                Block::Paragraph { text, continues: false }
            }
            (Node::Heading(level), Children::Inlines(text)) => {
                Block::Heading { level, text: self.with_links(text) }
            }
            (Node::Quote, Children::Blocks(blocks)) => Block::Quote(blocks),
            (Node::List(start), Children::Items(items)) => Block::List { start, items },
            (Node::Code(language), Children::Text(text)) => Block::Code { language, text },
            (Node::Table(columns, head), Children::Rows(rows)) => {
                Block::Table { columns, head, rows }
            }
            _ => return None,
        })
    }

    fn with_links(&self, text: Vec<Inline>) -> Vec<Inline> {
        with_bare_links(text, self.extent.may_go_on && self.text_end >= self.extent.end)
    }

    /// Makes a paragraph of the inlines that stand among blocks.
    fn end_loose(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let loose = std::mem::take(&mut frame.loose);
        if loose.is_empty() {
            return;
        }
        let text = self.with_links(loose);
        if let Some(Frame { children: Children::Blocks(blocks), .. }) = self.frames.last_mut() {
            blocks.push(Block::Paragraph { text, continues: false });
        }
    }

    fn push_to(&mut self, push: impl FnOnce(&mut Children)) {
        if let Some(parent) = self.frames.last_mut() {
            push(&mut parent.children);
        }
    }

    fn push_block(&mut self, block: Block) {
        self.end_loose();
        self.push_to(|parent| {
            if let Children::Blocks(blocks) = parent {
                blocks.push(block);
            }
        });
    }

    fn inlines(&mut self) -> Option<&mut Vec<Inline>> {
        let Frame { children, loose, .. } = self.frames.last_mut()?;
        match children {
            Children::Inlines(inlines) => Some(inlines),
            Children::Blocks(_) => Some(loose),
            _ => None,
        }
    }

    fn push_inline(&mut self, inline: Inline) {
        if let Some(inlines) = self.inlines() {
            inlines.push(inline);
        }
    }

    fn push_text(&mut self, text: &str) {
        match self.inlines().map(|inlines| (inlines.last_mut(), text.is_empty())) {
            Some((Some(Inline::Text(last)), _)) => last.push_str(text),
            Some((_, false)) => self.push_inline(Inline::Text(text.to_owned())),
            _ => {}
        }
    }

    /// A line of raw HTML, with its line end.
    fn push_html(&mut self, text: &str) {
        for part in text.split_inclusive('\n') {
            self.push_text(part.trim_end_matches(['\r', '\n']));
            if part.ends_with('\n') {
                self.push_inline(Inline::Break);
            }
        }
    }
}
