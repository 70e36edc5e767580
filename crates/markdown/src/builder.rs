use std::ops::Range;

use protocol::markdown::{Block, Children, Inline};
use pulldown_cmark::{Event, Tag};

use crate::{
    frame::{Child, Frame, paragraph},
    leaf::{Leaf, LeafKind, Step},
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

/// Makes a tree of the parser's events, without recursion.
pub(crate) struct Builder<'a> {
    extent: Extent<'a>,
    levels: Levels,
    leaf: Option<Leaf>,
    /// What is open, outermost first: the document, then the open chain, then what is new.
    frames: Vec<Frame>,
    /// For each of the parser's nodes that is open, whether it has a frame.
    framed: Vec<bool>,
    /// How many containers of the open chain have been entered.
    entered: usize,
    /// Where the last text ends.
    text_end: usize,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(extent: Extent<'a>) -> Self {
        Self {
            extent,
            levels: Levels::none(extent.open),
            leaf: None,
            frames: vec![Frame::document()],
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
            Event::Start(tag) => self.open(tag, range),
            Event::End(_) => self.close(),
            Event::TaskListMarker(checked) => self.check(checked),
            // The opening's placeholders.
            _ if range.start < self.extent.opening => {}
            Event::Rule => {
                self.begin_leaf(LeafKind::Other, range);
                self.put(Child::Block(Block::Rule));
            }
            event => self.take_inline(event, &range),
        }
    }

    fn take_inline(&mut self, event: Event<'_>, range: &Range<usize>) {
        let is_code = matches!(self.frames.last(), Some(Frame { children: Children::Text(_), .. }));
        if !is_code {
            self.begin_inline(range);
        }
        match event {
            Event::Text(text) | Event::InlineHtml(text) => self.put_text(&text),
            Event::Html(text) => self.put_html(&text),
            Event::SoftBreak => self.put_text("\n"),
            Event::HardBreak => self.put(Child::Inline(Inline::Break)),
            Event::Code(code) => self.put(Child::Inline(Inline::Code(code.into_string()))),
            _ => {}
        }
        self.text_end = range.end;
        if let Some(leaf) = &mut self.leaf {
            leaf.text_end = range.end;
        }
    }

    fn open(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let leaf = leaf_kind(&tag);
        let is_inline = matches!(
            tag,
            Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        );
        let mut node = Node::of(tag);
        let is_committed = self.is_committed(&node, &range);
        if let Some(kind) = leaf {
            self.begin_leaf(kind, range.clone());
        }
        // Cells that a row lacks have no place in the text.
        if let (Node::Paragraph | Node::Heading(_) | Node::Cell, Some(leaf)) =
            (&node, &mut self.leaf)
            && !range.is_empty()
        {
            leaf.inlines = Some(range.clone());
        }
        if is_inline {
            self.begin_inline(&range);
        }
        if is_committed && let Some(container) = node.container() {
            node = Node::Committed(container);
            self.entered += 1;
        }
        if node.container() == Some(Container::Item)
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
        match (node, &parent.children) {
            (Node::Committed(_), _) => true,
            (Node::Transparent, _) => false,
            (Node::List(_), Children::Blocks(_)) => self.containers() + 2 <= MAX_CONTAINERS,
            (Node::Quote, Children::Blocks(_)) => self.containers() < MAX_CONTAINERS,
            (Node::Link(href), _) => {
                let is_whole = self.extent.may_go_on || !href.is_empty();
                let is_link = |frame: &Frame| matches!(frame.node, Node::Link(_));
                is_whole && !self.frames.iter().any(is_link) && self.inlines() < MAX_INLINES
            }
            (node, _) if node.is_inline() => self.inlines() < MAX_INLINES,
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

    fn containers(&self) -> usize {
        self.frames.iter().skip(1).filter(|frame| frame.node.container().is_some()).count()
    }

    fn inlines(&self) -> usize {
        self.frames.iter().filter(|frame| frame.node.is_inline()).count()
    }

    fn begin_leaf(&mut self, kind: LeafKind, range: Range<usize>) {
        let may_be_committed = matches!(kind, LeafKind::Fenced | LeafKind::Table);
        if range.start < self.extent.opening && !may_be_committed {
            return;
        }
        self.end_loose();
        let steps = self.frames.iter().skip(1).filter_map(|frame| {
            let container = frame.node.container()?;
            Some(Step { container, start: frame.start, previous_item: frame.items[0] })
        });
        self.leaf = Some(Leaf::new(kind, steps.collect(), range));
    }

    /// Begins a paragraph where an inline stands among blocks.
    fn begin_inline(&mut self, range: &Range<usize>) {
        let is_first = self.frames.last().is_some_and(Frame::has_only_blocks);
        if is_first && range.start >= self.extent.opening {
            self.begin_leaf(LeafKind::Paragraph, range.clone());
            if let Some(leaf) = &mut self.leaf {
                leaf.inlines = Some(range.clone());
            }
        }
        if let Some(leaf) = &mut self.leaf {
            leaf.extend(range);
        }
    }

    fn check(&mut self, checked: bool) {
        let nodes = self.frames.iter_mut().rev().map(|frame| &mut frame.node);
        if let Some(item) = nodes.into_iter().find(|node| matches!(node, Node::Item(_))) {
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
        let Some(frame) = self.frames.pop() else { return };
        if let Node::Committed(_) = frame.node {
            if let Some(level) = self.levels.0.get_mut(self.frames.len()) {
                *level = frame.children;
            }
            return;
        }
        let is_placeholder = frame.start < self.extent.opening && frame.children.is_empty();
        let may_go_on = self.may_go_on();
        let child = frame.into_child(|text| with_bare_links(text, may_go_on));
        if let Some(child) = child.filter(|_| !is_placeholder) {
            self.put(child);
        }
    }

    /// Whether the text that was read last may go on.
    fn may_go_on(&self) -> bool {
        self.extent.may_go_on && self.text_end >= self.extent.end
    }

    /// Makes a paragraph of the inlines that stand among blocks.
    fn end_loose(&mut self) {
        let may_go_on = self.may_go_on();
        let Some(frame) = self.frames.last_mut() else { return };
        let loose = std::mem::take(&mut frame.loose);
        if !loose.is_empty() {
            frame.put(Child::Block(paragraph(with_bare_links(loose, may_go_on))));
        }
    }

    fn put(&mut self, child: Child) {
        if !matches!(child, Child::Inline(_)) {
            self.end_loose();
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.put(child);
        }
    }

    fn put_text(&mut self, text: &str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.put_text(text);
        }
    }

    /// A line of raw HTML, with its line end.
    fn put_html(&mut self, text: &str) {
        for part in text.split_inclusive('\n') {
            self.put_text(part.trim_end_matches(['\r', '\n']));
            if part.ends_with('\n') {
                self.put(Child::Inline(Inline::Break));
            }
        }
    }
}

fn leaf_kind(tag: &Tag<'_>) -> Option<LeafKind> {
    Some(match tag {
        Tag::Paragraph => LeafKind::Paragraph,
        Tag::CodeBlock(kind) if kind.is_fenced() => LeafKind::Fenced,
        Tag::Table(_) => LeafKind::Table,
        Tag::Heading { .. } | Tag::HtmlBlock | Tag::CodeBlock(_) => LeafKind::Other,
        _ => return None,
    })
}
