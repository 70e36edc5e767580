//! The source of a web page.

/// What a page's text is not: code, and what stands around the text.
const SKIPPED: [&str; 18] = [
    "script", "style", "head", "nav", "footer", "aside", "noscript", "svg", "template", "iframe",
    "form", "button", "select", "pre", "math", "figure", "object", "dialog",
];
/// Elements that begin a block.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "body",
    "html",
    "blockquote",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "hr",
    "address",
    "details",
    "summary",
    "figcaption",
    "li",
];
/// What the source of a page begins with.
const OPENINGS: [&str; 12] = [
    "<!doctype html",
    "<html",
    "<?xml",
    "<head",
    "<body",
    "<article",
    "<section",
    "<main",
    "<div",
    "<p>",
    "<h1",
    "<header",
];
/// The longest tag.
const MAX_TAG: usize = 8 * 1024;

/// The text of a page, as Markdown; none when the text is no source of a page.
pub(super) fn prose(text: &str) -> Option<String> {
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |opening: &&&str| {
        trimmed.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening))
    };
    let opening = OPENINGS.iter().find(begins)?;
    // Markdown may begin with an element, too.
    let is_page = opening.starts_with("<!") || *opening == "<html";
    let is_markdown = || text.lines().any(|line| line.starts_with("# ") || line.starts_with("## "));
    (text.matches("</").count() > 2 && (is_page || !is_markdown())).then(|| read(trimmed))
}

fn read(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        page.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
        } else if let Some((tag, behind)) = tag(rest) {
            rest = page.element(tag, behind);
        } else {
            page.text("<");
            rest = &rest[1..];
        }
    }
    page.text(rest);
    page.markdown
}

/// The inside of the tag that a text starts with, and what stands behind it.
fn tag(rest: &str) -> Option<(&str, &str)> {
    let inside = rest.get(1..)?;
    let is_tag =
        inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let near = &inside[..inside.floor_char_boundary(MAX_TAG)];
    let end = near.find('>').filter(|_| is_tag)?;
    Some((&inside[..end], &inside[end + 1..]))
}

#[derive(Default)]
struct Page {
    markdown: String,
}

impl Page {
    /// Takes an element's tag; gives what is to be read behind it.
    fn element<'a>(&mut self, tag: &str, behind: &'a str) -> &'a str {
        let name = tag.trim_start_matches('/');
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let is_end = tag.starts_with('/');
        if SKIPPED.contains(&name.as_str()) && !is_end && !tag.ends_with('/') {
            self.begin("");
            return skip(&name, behind);
        }
        match name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] if !is_end => {
                self.begin(&("#".repeat(usize::from(level - b'0')) + " "));
            }
            [b'h', b'1'..=b'6'] => self.begin(""),
            b"br" => self.markdown.push('\n'),
            b"li" if !is_end => self.begin("- "),
            b"td" | b"th" => self.text(" "),
            _ if BLOCKS.contains(&name.as_str()) => self.begin(""),
            _ => {}
        }
        behind
    }

    /// Begins a block.
    fn begin(&mut self, mark: &str) {
        self.markdown.truncate(self.markdown.trim_end_matches(' ').len());
        if !self.markdown.is_empty() && !self.markdown.ends_with("\n\n") {
            self.markdown.push_str("\n\n");
        }
        self.markdown.push_str(mark);
    }

    /// Adds text, white space once.
    fn text(&mut self, text: &str) {
        let text = unescape(text);
        for c in text.chars() {
            if !c.is_whitespace() {
                self.markdown.push(c);
            } else if !self.markdown.is_empty() && !self.markdown.ends_with([' ', '\n']) {
                self.markdown.push(' ');
            }
        }
    }
}

/// What stands behind the end of an element; behind its beginning where it has no end.
fn skip<'a>(name: &str, behind: &'a str) -> &'a str {
    let mut rest = behind;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let is_end = rest.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
        let ends = |c: char| c == '>' || c.is_whitespace();
        if is_end && rest[name.len()..].starts_with(ends) {
            return rest.split_once('>').map_or("", |(_, behind)| behind);
        }
    }
    behind
}

/// The text that character references stand for, as far as they are common.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let near = &rest[..rest.floor_char_boundary(12)];
        let found = near.find(';').and_then(|end| Some((reference(&near[1..end])?, end + 1)));
        let (char, length) = found.unwrap_or(('&', 1));
        plain.push(char);
        rest = &rest[length..];
    }
    plain + rest
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
        return code.and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "laquo" => '«',
        "raquo" => '»',
        "middot" => '·',
        "bull" => '•',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "deg" => '°',
        "times" => '×',
        "euro" => '€',
        "pound" => '£',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_is_read() {
        let html = "<!DOCTYPE html>\n<html><head><title>t</title><style>.a { b: c }</style></head>\
                    <body class='x'><nav><a href='/'>Home</a></nav><h1>The lake\n is back</h1>\
                    <p>It came <b>back</b>&nbsp;in &quot;May&quot; &amp; stayed&#8212;so &unknown; \
                    1 < 2.<br>New line</p><script>if (a < b) { c(\"</p>\"); }</script>\
                    <ul><li>one<li>two</ul><!-- <p>no</p> --><pre>let a = 1;</pre></body></html>";
        assert_eq!(
            prose(html).unwrap(),
            "# The lake is back\n\nIt came back in \"May\" & stayed—so &unknown; 1 < 2.\nNew \
             line\n\n- one\n\n- two\n\n"
        );
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "A text with <b>some</b> <i>markup</i> and </p>.",
            "<p align=\"center\"><img src=\"a\"></p>\n\n# Name\n\n<b>a</b><b>b</b><b>c</b>",
            "<p>short</p>",
            "",
        ] {
            assert_eq!(prose(text), None, "{text}");
        }
    }

    #[test]
    fn what_never_ends_hides_nothing() {
        assert!(prose("<html><p>a</p><p>b</p><p>c</p><script>x <p>d").unwrap().contains('d'));
        assert_eq!(prose("<html></a></b></c><!-- x").unwrap(), "");
    }
}
