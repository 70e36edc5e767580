//! A short notation for trees, to compare by.

use protocol::markdown::{Alignment, Block, Cell, Inline, Rendered};

/// The blocks, one a line: `p(…)`, `h1(…)`, `ul[…]`, and so on.
pub(crate) fn outline(blocks: &[Block]) -> String {
    blocks.iter().map(block).collect::<Vec<_>>().join(" ")
}

/// What a text is rendered as.
pub(crate) fn rendered(text: &str) -> String {
    outline(&markdown::render(text))
}

/// What is shown when a text has come so far, a character at a time.
pub(crate) fn so_far(text: &str) -> String {
    let mut stream = markdown::Stream::new();
    let mut shown = Rendered::default();
    for char in text.chars() {
        for edit in stream.push(char.encode_utf8(&mut [0; 4])) {
            shown.apply(&edit).unwrap();
        }
    }
    outline(shown.blocks())
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph { text, continues: false } => format!("p({})", inlines(text)),
        Block::Paragraph { text, continues: true } => format!("…p({})", inlines(text)),
        Block::Heading { level, text } => format!("h{level}({})", inlines(text)),
        Block::Code { language, text } => format!("code:{language}({text:?})"),
        Block::List { start, items } => {
            let items = items.iter().map(|item| {
                let mark = match item.checked {
                    Some(true) => "x ",
                    Some(false) => "o ",
                    None => "",
                };
                format!("{mark}{}", outline(&item.blocks))
            });
            let items = items.collect::<Vec<_>>().join(", ");
            start.map_or(format!("ul[{items}]"), |start| format!("ol{start}[{items}]"))
        }
        Block::Quote(blocks) => format!("quote[{}]", outline(blocks)),
        Block::Table { columns, head, rows } => {
            let columns: String = columns.iter().map(alignment).collect();
            let rows: String = rows.iter().map(|row| format!("/{}", cells(&row.cells))).collect();
            format!("table:{columns}[{}{rows}]", cells(head))
        }
        Block::Rule => "rule".to_owned(),
    }
}

fn alignment(alignment: &Alignment) -> char {
    match alignment {
        Alignment::None => '-',
        Alignment::Left => 'l',
        Alignment::Center => 'c',
        Alignment::Right => 'r',
    }
}

fn cells(cells: &[Cell]) -> String {
    cells.iter().map(|cell| inlines(&cell.text)).collect::<Vec<_>>().join("|")
}

fn inlines(inlines: &[Inline]) -> String {
    let inline = |inline: &Inline| match inline {
        Inline::Text(text) => text.replace('\n', "⏎"),
        Inline::Strong(text) => format!("b({})", self::inlines(text)),
        Inline::Emphasis(text) => format!("i({})", self::inlines(text)),
        Inline::Strikethrough(text) => format!("s({})", self::inlines(text)),
        Inline::Code(code) => format!("c({code})"),
        Inline::Link { href, text } => format!("a<{href}>({})", self::inlines(text)),
        Inline::Break => "br".to_owned(),
    };
    inlines.iter().map(inline).collect()
}
