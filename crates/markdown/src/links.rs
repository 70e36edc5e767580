use protocol::markdown::Inline;

const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// Whether a link may lead there.
pub(crate) fn is_allowed(href: &str) -> bool {
    let begins = |scheme: &str| {
        href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    SCHEMES.into_iter().any(begins) && !href.chars().any(char::is_control)
}

/// Makes links of the bare addresses in the texts of a block. An address at the very end stays a
/// text of its own while it `may_go_on`.
pub(crate) fn with_bare_links(inlines: Vec<Inline>, may_go_on: bool) -> Vec<Inline> {
    let last = inlines.len().saturating_sub(1);
    let mut linked = Vec::with_capacity(inlines.len());
    for (index, inline) in inlines.into_iter().enumerate() {
        let may_go_on = may_go_on && index == last;
        match inline {
            Inline::Text(text) if text.contains("://") => split(&text, may_go_on, &mut linked),
            Inline::Strong(text) => linked.push(Inline::Strong(with_bare_links(text, may_go_on))),
            Inline::Emphasis(text) => {
                linked.push(Inline::Emphasis(with_bare_links(text, may_go_on)));
            }
            Inline::Strikethrough(text) => {
                linked.push(Inline::Strikethrough(with_bare_links(text, may_go_on)));
            }
            other => linked.push(other),
        }
    }
    linked
}

fn split(text: &str, may_go_on: bool, linked: &mut Vec<Inline>) {
    let (mut written, mut from) = (0, 0);
    while let Some(found) = text[from..].find("http").map(|found| from + found) {
        from = found + "http".len();
        let Some(address) = address(&text[..found], &text[found..]) else { continue };
        let may_go_on = may_go_on && found + address.longest == text.len();
        let end = found + if may_go_on { address.longest } else { address.length };
        if written < found {
            linked.push(Inline::Text(text[written..found].to_owned()));
        }
        let href = text[found..end].to_owned();
        linked.push(if may_go_on {
            Inline::Text(href)
        } else {
            Inline::Link { text: vec![Inline::Text(href.clone())], href }
        });
        (written, from) = (end, end);
    }
    if written < text.len() {
        linked.push(Inline::Text(text[written..].to_owned()));
    }
}

struct Address {
    length: usize,
    /// With the punctuation after it, which belongs to it only when more follows.
    longest: usize,
}

/// The address that `text` begins with, by the rules of GFM, section 6.9; CJK
/// punctuation ends one, too.
fn address(before: &str, text: &str) -> Option<Address> {
    let scheme = SCHEMES[..2].iter().find(|scheme| text.starts_with(**scheme))?.len();
    if before.ends_with(char::is_alphanumeric) || !text[scheme..].starts_with(char::is_alphanumeric)
    {
        return None;
    }
    let ends = |char: char| {
        let is_foreign = !char.is_ascii() && !char.is_alphanumeric();
        char.is_whitespace() || char.is_control() || is_foreign || matches!(char, '<' | '>' | '"')
    };
    let longest = text.find(ends).unwrap_or(text.len());
    let mut end = longest;
    let mut unopened = text[..end].bytes().fold(0_i32, |count, byte| match byte {
        b'(' => count - 1,
        b')' => count + 1,
        _ => count,
    });
    while let Some(last) = text[..end].chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '`' | ']' | '|' => {}
            ')' if unopened > 0 => unopened -= 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    (end > scheme).then_some(Address { length: end, longest })
}
