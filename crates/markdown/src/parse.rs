use std::borrow::Cow;

use pulldown_cmark::{Options, Parser};

use crate::builder::{Builder, Extent, Parsed};

const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);

/// Reads a text that has no link reference definitions, see [`without_definitions`].
pub(crate) fn parse(text: &str, extent: Extent<'_>) -> Parsed {
    let mut builder = Builder::new(extent);
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        builder.take(event, range);
    }
    builder.finish()
}

/// How often definitions are looked for: the parser tells only the first of a name.
const MAX_LOOKS: usize = 8;

/// Makes plain text of link reference definitions, which would reach beyond their block.
pub(crate) fn without_definitions(text: &str) -> Cow<'_, str> {
    // A definition needs both, and most texts have neither.
    if !text.contains("]:") {
        return text.into();
    }
    let mut text = text.to_owned();
    for _ in 0..MAX_LOOKS {
        let parser = Parser::new_ext(&text, OPTIONS);
        let definitions = parser.reference_definitions().iter();
        let mut starts: Vec<_> = definitions.map(|(_, found)| found.span.start).collect();
        if starts.is_empty() {
            break;
        }
        starts.sort_unstable();
        drop(parser);
        for start in starts.into_iter().rev() {
            text.insert(start, '\\');
        }
    }
    text.into()
}
