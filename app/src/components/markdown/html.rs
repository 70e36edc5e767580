use protocol::markdown::Block;

use super::{output::Output, write::Writer};
use crate::messages::UiLanguage;

/// The blocks as HTML, for a page in the language of this tag.
#[must_use]
pub fn to_html(blocks: &[Block], language_tag: &str) -> String {
    let messages = UiLanguage::from_tag(language_tag).unwrap_or_default().messages();
    let mut html = Html::default();
    Writer { out: &mut html, messages }.blocks(blocks);
    html.0
}

/// HTML in which every text is escaped. Names of elements and attributes are constants.
#[derive(Default)]
struct Html(String);

impl Html {
    fn escaped(&mut self, text: &str) {
        let mut written = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                // A parser would make a newline of it.
                b'\r' => "&#13;",
                _ => continue,
            };
            self.0.push_str(&text[written..at]);
            self.0.push_str(escape);
            written = at + 1;
        }
        self.0.push_str(&text[written..]);
    }
}

impl Output for Html {
    fn open(&mut self, tag: &'static str, attributes: &[(&'static str, Option<&str>)]) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            let Some(value) = value else { continue };
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.escaped(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    fn text(&mut self, text: &str) {
        self.escaped(text);
    }

    fn close(&mut self, tag: &'static str) {
        if !matches!(tag, "br" | "hr" | "input") {
            self.0.push_str("</");
            self.0.push_str(tag);
            self.0.push('>');
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn html(blocks: serde_json::Value) -> String {
        to_html(&serde_json::from_value::<Vec<Block>>(blocks).unwrap(), "en")
    }

    #[test]
    fn whatever_a_model_writes_is_text() {
        let text = "<script>alert('1')</script> & \"</p>\"";
        let escaped = "&lt;script&gt;alert('1')&lt;/script&gt; &amp; &quot;&lt;/p&gt;&quot;";
        assert_eq!(
            html(json!([{"p": {"text": [{"t": text}, {"c": text}, "br"]}}])),
            format!("<p dir=\"auto\">{escaped}<code>{escaped}</code><br></p>"),
        );
        let code = html(json!([{"code": {"language": text, "text": text}}]));
        assert_eq!(code.matches(escaped).count(), 2);
        assert!(!code.contains("<script"));
    }

    #[test]
    fn links_open_elsewhere_and_tell_nobody() {
        let link = |href| json!([{"p": {"text": [{"a": {"href": href, "text": [{"t": "x"}]}}]}}]);
        assert_eq!(
            html(link("https://x.y/?a=\"b\"&c")),
            "<p dir=\"auto\"><a href=\"https://x.y/?a=&quot;b&quot;&amp;c\" \
             rel=\"noopener nofollow\" target=\"_blank\">x</a></p>",
        );
        assert_eq!(html(link("")), "<p dir=\"auto\"><a>x</a></p>");
    }

    #[test]
    fn headings_are_below_the_pages_own_and_columns_are_aligned() {
        let heading = |level| json!([{"h": {"level": level, "text": [{"t": "x"}]}}]);
        assert_eq!(html(heading(1)), "<h3 dir=\"auto\">x</h3>");
        assert_eq!(html(heading(6)), "<h6 dir=\"auto\">x</h6>");
        let table = html(json!([{"table": {
            "columns": ["none", "right"],
            "head": [[{"t": "a"}], [{"t": "b"}]],
            "rows": [[[{"t": "1"}], [{"t": "2"}]], []],
        }}]));
        assert!(table.contains("<th dir=\"auto\" class=\"right\">b</th>"), "{table}");
        assert!(table.contains("<td dir=\"auto\" class=\"right\">2</td></tr><tr></tr>"), "{table}");
    }

    #[test]
    fn lists_keep_their_numbers_and_tasks() {
        let items = json!([{"blocks": []}, {"checked": true, "blocks": []}]);
        assert_eq!(
            html(json!([{"list": {"start": 3, "items": items}}])),
            "<ol start=\"3\"><li></li><li class=\"task\"><input type=\"checkbox\" disabled=\"\" \
             checked=\"\" aria-label=\"Done\"></li></ol>",
        );
    }
}
