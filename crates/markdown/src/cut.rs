//! Where a text can be cut so that what is before can be forgotten, and the opening for what is
//! after.

use crate::{
    leaf::{Leaf, LeafKind, Step},
    levels::Container,
};

/// What stands in the opening's items: a thematic break, because nothing can go on with it.
const PLACEHOLDER: &str = "___\n";
/// How far from the end a word is looked for to cut before.
const WORD_WINDOW_BYTES: usize = 1024;

/// A place to cut.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) point: usize,
    /// What opens the containers again that are open there.
    pub(crate) opening: String,
    /// These containers.
    pub(crate) open: Vec<Container>,
    /// Whether what follows goes on with the paragraph that ends here.
    pub(crate) continues: bool,
}

impl Cut {
    /// After all that has come, with nothing left open.
    pub(crate) fn of_everything(text: &str) -> Self {
        Self { point: text.len(), opening: String::new(), open: Vec::new(), continues: false }
    }
}

/// The cut before the last leaf, or after what is finished of it. Lines must be whole.
pub(crate) fn before(text: &str, opening: usize, leaf: &Leaf) -> Option<Cut> {
    let begins = begin_of_line(text, leaf.start);
    let (point, own, lines) = match leaf.kind {
        LeafKind::Fenced if leaf.text_end > leaf.start => (leaf.text_end, Some(Container::Code), 1),
        LeafKind::Table => (leaf.end, Some(Container::Table), 2),
        _ => (begins, None, 0),
    };
    if point <= opening || !text[..point].ends_with('\n') {
        return None;
    }
    let above = leaf.path.iter().take_while(|step| own.is_some() || step.start < begins);
    let above: Vec<_> = above.cloned().collect();
    let mut prefixes = prefixes(text, &above);
    if lines > 0 {
        prefixes.retain(|prefix| prefix.0 != begins);
    }
    let mut new = reopened(text, &prefixes);
    new.extend(text[begins..].split_inclusive('\n').take(lines));
    let open = above.iter().map(|step| step.container).chain(own).collect();
    Some(Cut { point, opening: new, open, continues: false })
}

/// The cut within the last leaf, which is too long.
pub(crate) fn within(text: &str, opening: usize, leaf: &Leaf) -> Cut {
    let prefixes = prefixes(text, &leaf.path);
    let mut new = reopened(text, &prefixes);
    let mut open: Vec<_> = leaf.path.iter().map(|step| step.container).collect();
    let mut point = text.len();
    if leaf.kind == LeafKind::Fenced {
        open.push(Container::Code);
        let begins = begin_of_line(text, leaf.start);
        new = reopened(text, prefixes.split_last_if(|prefix| prefix.0 == begins));
        new.extend(text[begins..].split_inclusive('\n').take(1));
    } else {
        point = word(text, opening.max(leaf.start)).unwrap_or(point);
    }
    if !text[..point].ends_with('\n')
        && let Some(&(from, to)) = prefixes.last()
    {
        let blank = |char| if matches!(char, '>' | ' ' | '\t') { char } else { ' ' };
        new.extend(text[from..to].chars().map(blank));
    }
    Cut { point, opening: new, open, continues: leaf.kind == LeafKind::Paragraph }
}

trait SplitLastIf<T> {
    fn split_last_if(&self, holds: impl FnOnce(&T) -> bool) -> &[T];
}

impl<T> SplitLastIf<T> for Vec<T> {
    fn split_last_if(&self, holds: impl FnOnce(&T) -> bool) -> &[T] {
        match self.split_last() {
            Some((last, rest)) if holds(last) => rest,
            _ => self,
        }
    }
}

/// Where the last word begins that no Markdown can begin with.
fn word(text: &str, from: usize) -> Option<usize> {
    let window = text.ceil_char_boundary(text.len().saturating_sub(WORD_WINDOW_BYTES)).max(from);
    let mut chars = text[window..].char_indices().rev().peekable();
    while let Some((at, char)) = chars.next() {
        let after_space = chars.peek().is_some_and(|(_, before)| before.is_whitespace());
        if after_space && char.is_alphabetic() {
            return Some(window + at);
        }
    }
    None
}

/// The beginnings of the lines that open these containers, up to what stands in the containers.
fn prefixes(text: &str, path: &[Step]) -> Vec<(usize, usize)> {
    let mut prefixes: Vec<(usize, usize)> = Vec::new();
    for (index, step) in path.iter().enumerate() {
        let start = match step.container {
            // Its item tells where a list is, and of a list whose next item follows, the last one.
            Container::List if index + 1 < path.len() => continue,
            Container::List => step.previous_item.unwrap_or(step.start),
            _ => step.start,
        };
        let prefix = (begin_of_line(text, start), content(text, start));
        match prefixes.last_mut() {
            Some(last) if last.0 == prefix.0 => *last = prefix,
            _ => prefixes.push(prefix),
        }
    }
    prefixes
}

/// Opens containers again.
fn reopened(text: &str, prefixes: &[(usize, usize)]) -> String {
    let mut opening = String::new();
    for &(from, to) in prefixes {
        opening.push_str(&text[from..to]);
        if !opening.ends_with([' ', '\t']) {
            opening.push(' ');
        }
        opening.push_str(PLACEHOLDER);
    }
    opening
}

fn begin_of_line(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Where the content begins of the quotation or item whose marker is at `start`.
fn content(text: &str, start: usize) -> usize {
    let indented = &text[start..];
    let start = start + indented.len() - indented.trim_start_matches([' ', '\t']).len();
    let marker = match text.as_bytes().get(start) {
        Some(b'0'..=b'9') => text[start..].bytes().take_while(u8::is_ascii_digit).count() + 1,
        _ => 1,
    };
    let after = &text[(start + marker).min(text.len())..];
    let content = after.trim_start_matches([' ', '\t']);
    let spaces = after.len() - content.len();
    let quote = text[start..].starts_with('>');
    let is_empty = content.is_empty() || content.starts_with(['\n', '\r']);
    let taken = match spaces {
        0 => 0,
        _ if quote => 1,
        _ if is_empty => 0,
        1..=4 => spaces,
        _ => 1,
    };
    (start + marker + taken).min(text.len())
}
