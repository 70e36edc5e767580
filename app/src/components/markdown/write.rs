//! Which elements a tree becomes.

use protocol::markdown::{Alignment, Block, Cell, Children, Inline, Item, Row};

use super::output::Output;
use crate::messages::Messages;

/// The page's own headings end at this level.
const HEADINGS_ABOVE: u8 = 2;

/// Writes nodes into an output.
pub(super) struct Writer<'a, O> {
    pub(super) out: &'a mut O,
    pub(super) messages: &'static Messages,
}

impl<O: Output> Writer<'_, O> {
    /// Writes children of a node. `columns` and `cells` say how the columns are aligned and how
    /// many cells the row has where they are of a table.
    pub(super) fn children(&mut self, children: &Children, columns: &[Alignment], cells: usize) {
        match children {
            Children::Blocks(blocks) => self.blocks(blocks),
            Children::Items(items) => self.items(items),
            Children::Rows(rows) => self.rows(rows, columns),
            Children::Cells(new) => self.cells("td", new, columns.get(cells..).unwrap_or_default()),
            Children::Inlines(inlines) => self.inlines(inlines),
            Children::Text(text) => self.out.text(text),
        }
    }

    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { text, continues } => {
                let class = continues.then_some("continues");
                self.element("p", &[("dir", Some("auto")), ("class", class)], |writer| {
                    writer.inlines(text);
                });
            }
            Block::Heading { level, text } => {
                let tag = heading(*level);
                self.element(tag, &[("dir", Some("auto"))], |writer| writer.inlines(text));
            }
            Block::Code { language, text } => self.code(language, text),
            Block::List { start: None, items } => {
                self.element("ul", &[], |writer| writer.items(items));
            }
            Block::List { start: Some(start), items } => {
                let start = (*start != 1).then(|| start.to_string());
                self.element("ol", &[("start", start.as_deref())], |writer| writer.items(items));
            }
            Block::Quote(blocks) => {
                self.element("blockquote", &[], |writer| writer.blocks(blocks));
            }
            Block::Table { columns, head, rows } => self.table(columns, head, rows),
            Block::Rule => self.element("hr", &[], |_| {}),
        }
    }

    fn items(&mut self, items: &[Item]) {
        for Item { checked, blocks } in items {
            let class = checked.map(|_| "task");
            self.element("li", &[("class", class)], |writer| {
                if let Some(checked) = checked {
                    writer.checkbox(*checked);
                }
                writer.blocks(blocks);
            });
        }
    }

    fn checkbox(&mut self, checked: bool) {
        let label = if checked { self.messages.task_done } else { self.messages.task_open };
        let attributes = [
            ("type", Some("checkbox")),
            ("disabled", Some("")),
            ("checked", checked.then_some("")),
            ("aria-label", Some(label)),
        ];
        self.element("input", &attributes, |_| {});
    }

    fn code(&mut self, language: &str, text: &str) {
        self.element("div", &[("class", Some("code")), ("dir", Some("ltr"))], |writer| {
            writer.element("div", &[("class", Some("bar"))], |writer| {
                writer.element("span", &[], |writer| writer.out.text(language));
                let class = Some("quiet copy scripted");
                writer.element("button", &[("type", Some("button")), ("class", class)], |writer| {
                    writer.out.text(writer.messages.copy);
                });
            });
            // What scrolls must be in reach of the keyboard.
            writer.element("pre", &[("tabindex", Some("0"))], |writer| {
                writer.element("code", &[], |writer| writer.out.text(text));
            });
        });
    }

    fn table(&mut self, columns: &[Alignment], head: &[Cell], rows: &[Row]) {
        self.element("div", &[("class", Some("table")), ("tabindex", Some("0"))], |writer| {
            writer.element("table", &[], |writer| {
                writer.element("thead", &[], |writer| {
                    writer.element("tr", &[], |writer| writer.cells("th", head, columns));
                });
                writer.element("tbody", &[], |writer| writer.rows(rows, columns));
            });
        });
    }

    fn rows(&mut self, rows: &[Row], columns: &[Alignment]) {
        for Row { cells } in rows {
            self.element("tr", &[], |writer| writer.cells("td", cells, columns));
        }
    }

    fn cells(&mut self, tag: &'static str, cells: &[Cell], columns: &[Alignment]) {
        for (index, Cell { text }) in cells.iter().enumerate() {
            let class = columns.get(index).copied().and_then(class);
            self.element(tag, &[("dir", Some("auto")), ("class", class)], |writer| {
                writer.inlines(text);
            });
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.out.text(text),
            Inline::Strong(text) => self.element("strong", &[], |writer| writer.inlines(text)),
            Inline::Emphasis(text) => self.element("em", &[], |writer| writer.inlines(text)),
            Inline::Strikethrough(text) => self.element("del", &[], |writer| writer.inlines(text)),
            Inline::Code(text) => self.element("code", &[], |writer| writer.out.text(text)),
            Inline::Link { href, text } => self.link(href, text),
            Inline::Break => self.element("br", &[], |_| {}),
        }
    }

    fn link(&mut self, href: &str, text: &[Inline]) {
        let known = (!href.is_empty()).then_some(href);
        let attributes = [
            ("href", known),
            ("rel", known.map(|_| "noopener nofollow")),
            ("target", known.map(|_| "_blank")),
        ];
        self.element("a", &attributes, |writer| writer.inlines(text));
    }

    fn element(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, Option<&str>)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.out.open(tag, attributes);
        inside(self);
        self.out.close(tag);
    }
}

fn heading(level: u8) -> &'static str {
    match level.saturating_add(HEADINGS_ABOVE) {
        0..=3 => "h3",
        4 => "h4",
        5 => "h5",
        _ => "h6",
    }
}

fn class(alignment: Alignment) -> Option<&'static str> {
    match alignment {
        Alignment::None => None,
        Alignment::Left => Some("left"),
        Alignment::Center => Some("center"),
        Alignment::Right => Some("right"),
    }
}

/// The alignment that a cell's class says.
pub(super) fn alignment(class: &str) -> Alignment {
    match class {
        "left" => Alignment::Left,
        "center" => Alignment::Center,
        "right" => Alignment::Right,
        _ => Alignment::None,
    }
}
