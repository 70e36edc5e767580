use protocol::markdown::{Alignment, Cell};
use pulldown_cmark::{Alignment as Aligned, CodeBlockKind, LinkType, Tag};

use crate::{levels::Container, links::is_allowed};

/// A node that is being read.
#[derive(Debug)]
pub(crate) enum Node {
    /// One of the open chain, whose beginning has been committed.
    Committed(Container),
    Paragraph,
    Heading(u8),
    Quote,
    List(Option<u64>),
    Item(Option<bool>),
    Code(String),
    /// Raw HTML, which becomes a paragraph.
    Html,
    Table(Vec<Alignment>, Vec<Cell>),
    Head,
    Row,
    Cell,
    Strong,
    Emphasis,
    Strikethrough,
    Link(String),
    /// Its children become its parent's.
    Transparent,
}

impl Node {
    pub(crate) fn of(tag: Tag<'_>) -> Self {
        match tag {
            Tag::Paragraph => Self::Paragraph,
            Tag::Heading { level, .. } => Self::Heading(level as u8),
            Tag::BlockQuote(_) => Self::Quote,
            Tag::List(start) => Self::List(start),
            Tag::Item => Self::Item(None),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Self::Code(language(&info)),
            Tag::CodeBlock(CodeBlockKind::Indented) => Self::Code(String::new()),
            Tag::HtmlBlock => Self::Html,
            Tag::Table(columns) => {
                Self::Table(columns.into_iter().map(alignment).collect(), vec![])
            }
            Tag::TableHead => Self::Head,
            Tag::TableRow => Self::Row,
            Tag::TableCell => Self::Cell,
            Tag::Strong => Self::Strong,
            Tag::Emphasis => Self::Emphasis,
            Tag::Strikethrough => Self::Strikethrough,
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                Self::Link(format!("mailto:{dest_url}"))
            }
            // An address that is empty is still to come.
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }
                if dest_url.is_empty() || is_allowed(&dest_url) =>
            {
                Self::Link(dest_url.into_string())
            }
            _ => Self::Transparent,
        }
    }

    /// What it is as a container that can stay open, if it is one.
    pub(crate) fn container(&self) -> Option<Container> {
        Some(match self {
            Self::Committed(container) => *container,
            Self::Quote => Container::Quote,
            Self::List(_) => Container::List,
            Self::Item(_) => Container::Item,
            Self::Table(..) => Container::Table,
            Self::Code(_) => Container::Code,
            _ => return None,
        })
    }

    pub(crate) fn is_inline(&self) -> bool {
        matches!(self, Self::Strong | Self::Emphasis | Self::Strikethrough | Self::Link(_))
    }
}

/// The first word of a fence's info string.
fn language(info: &str) -> String {
    info.split_whitespace().next().unwrap_or_default().to_owned()
}

fn alignment(alignment: Aligned) -> Alignment {
    match alignment {
        Aligned::None => Alignment::None,
        Aligned::Left => Alignment::Left,
        Aligned::Center => Alignment::Center,
        Aligned::Right => Alignment::Right,
    }
}
