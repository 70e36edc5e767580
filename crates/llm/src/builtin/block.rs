//! The parts a text is laid out in: headings, paragraphs and list items. Markdown is understood;
//! so are plain texts that are wrapped by hand, or that put a paragraph on each line.

use super::code::is_code;
use super::markup::plain;
use super::script::{self, ends_sentence, is_cjk};

/// A heading is no longer than this.
const HEADING: usize = 90 * script::LETTER;
/// Lines longer than this, in columns, were not wrapped by hand.
const WRAPPED: usize = 130;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Heading,
    Paragraph,
    Item,
}

/// A part of a text, its lines joined and its markup gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Whether the box of an item is ticked, when it has one.
    pub(super) ticked: Option<bool>,
}

/// The blocks of a text. A text that is all code or tables is read as if it were prose.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut scan =
        Scan { blocks: Vec::new(), kind: Kind::Paragraph, ticked: None, open: Vec::new() };
    scan.read(&lines);
    if scan.blocks.is_empty() {
        scan.open = lines.iter().map(|line| plain(line)).filter(|line| !line.is_empty()).collect();
        scan.close();
    }
    promote_headings(&mut scan.blocks);
    scan.blocks
}

struct Scan {
    blocks: Vec<Block>,
    kind: Kind,
    ticked: Option<bool>,
    open: Vec<String>,
}

impl Scan {
    fn read(&mut self, lines: &[&str]) {
        let mut at = front_matter(lines);
        let code = is_code(lines);
        let mut unclosed = false;
        while let Some(&line) = lines.get(at) {
            at += 1;
            if code[at - 1] {
                self.close();
                continue;
            }
            let fence = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence));
            if let Some(fence) = fence.filter(|_| !unclosed) {
                let close = lines
                    .get(at..)
                    .and_then(|rest| rest.iter().position(|line| line.starts_with(fence)));
                self.close();
                match close {
                    Some(length) => at += length + 1,
                    None => unclosed = true,
                }
            } else {
                self.line(line);
            }
        }
        self.close();
    }

    fn line(&mut self, line: &str) {
        let line = line.trim_start_matches('>').trim_start();
        if is_rule(line) {
            // A rule under a single line makes a heading of it.
            if self.open.len() == 1 && self.kind == Kind::Paragraph && fits_heading(&self.open[0]) {
                self.kind = Kind::Heading;
            }
            self.close();
        } else if line.is_empty() || line.starts_with('|') || is_reference(line) {
            self.close();
        } else if let Some(title) = atx_heading(line).or_else(|| bold_line(line)) {
            self.close();
            self.kind = Kind::Heading;
            self.push(numbered(title).unwrap_or(title).trim_start());
            self.close();
        } else if let Some(item) = item(line) {
            self.close();
            self.kind = Kind::Item;
            let (ticked, words) = unboxed(item);
            self.ticked = ticked;
            self.push(words);
        } else {
            self.push(line);
        }
    }

    fn push(&mut self, line: &str) {
        let line = plain(line);
        if !line.is_empty() {
            self.open.push(line);
        }
    }

    /// Ends the open block: one, or several where its lines are paragraphs of their own.
    fn close(&mut self) {
        let kind = std::mem::replace(&mut self.kind, Kind::Paragraph);
        let ticked = self.ticked.take();
        let lines = std::mem::take(&mut self.open);
        let width = lines.iter().map(|line| columns(line)).max().unwrap_or(0);
        let mut paragraphs: Vec<String> = Vec::new();
        let mut previous: Option<&String> = None;
        for line in &lines {
            let goes_on = previous.is_some_and(|previous| goes_on(previous, line, width));
            match paragraphs.last_mut().filter(|_| goes_on) {
                Some(paragraph) => join(paragraph, line),
                None => paragraphs.push(line.clone()),
            }
            previous = Some(line);
        }
        self.blocks.extend(paragraphs.into_iter().map(|text| Block { kind, text, ticked }));
    }
}

/// Whether a line goes on in the next one, rather than being a paragraph.
fn goes_on(line: &str, next: &str, width: usize) -> bool {
    let word: &str = match next.chars().next() {
        Some(c) if is_cjk(c) => next.get(..c.len_utf8()).unwrap_or_default(),
        _ => next.split(' ').next().unwrap_or_default(),
    };
    let wrapped = width <= WRAPPED && columns(line) + columns(word) + 1 > width;
    wrapped
        || line.ends_with([',', '，', '、', ';', '；'])
        || (!ends_sentence(line) && next.starts_with(char::is_lowercase))
}

/// Adds a line to a paragraph, with a space unless both sides are of a script without spaces.
fn join(paragraph: &mut String, line: &str) {
    let tight = paragraph.ends_with(is_cjk) || line.starts_with(is_cjk) || paragraph.ends_with('-');
    if !tight {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

fn columns(line: &str) -> usize {
    line.chars().map(|c| if is_cjk(c) { 2 } else { 1 }).sum()
}

/// Makes headings of short lines that stand alone before something longer, as plain texts have.
fn promote_headings(blocks: &mut [Block]) {
    for at in (1..blocks.len()).rev() {
        let [block, next] = &mut blocks[at - 1..=at] else { continue };
        // A title may have its author's name below it.
        let introduces = ends_sentence(&next.text)
            || at == 1 && next.kind == Kind::Heading
            || next.kind == Kind::Item
            || script::weight(&next.text) > HEADING;
        if block.kind == Kind::Paragraph && fits_heading(&block.text) && introduces {
            block.kind = Kind::Heading;
        }
    }
}

fn fits_heading(line: &str) -> bool {
    let unfinished = line.ends_with([',', '，', '、', ';', '；', '—']);
    let spoken = line.starts_with(['"', '“', '「', '-', '—']);
    !ends_sentence(line) && !unfinished && !spoken && script::weight(line) <= HEADING
}

/// The lines of the YAML between `---` lines at the top of a Markdown file.
fn front_matter(lines: &[&str]) -> usize {
    match lines.split_first() {
        Some((&"---", rest)) => {
            rest.iter().take(60).position(|&line| line == "---").map_or(0, |at| at + 2)
        }
        _ => 0,
    }
}

fn is_rule(line: &str) -> bool {
    let signs = line.chars().filter(|c| !c.is_whitespace());
    line.len() >= 3 && ['-', '=', '*', '_'].iter().any(|&rule| signs.clone().all(|c| c == rule))
}

fn is_reference(line: &str) -> bool {
    line.starts_with('[') && line.split_once("]:").is_some_and(|(name, _)| !name.contains(' '))
}

fn atx_heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    ((1..=6).contains(&level) && title.starts_with(char::is_whitespace))
        .then(|| title.trim().trim_end_matches('#').trim_end())
}

fn bold_line(line: &str) -> Option<&str> {
    let title = line.strip_prefix("**")?.strip_suffix("**")?;
    (!title.contains('*') && fits_heading(title)).then_some(title)
}

/// The words of a list item, its bullet or number taken off.
fn item(line: &str) -> Option<&str> {
    let words = line
        .strip_prefix(['-', '*', '+', '•', '·', '–', '◦', '▪', '●'])
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .or_else(|| numbered(line))?;
    Some(words.trim_start())
}

/// The words of an item without the box before them, and whether that is ticked.
fn unboxed(words: &str) -> (Option<bool>, &str) {
    let boxes = [("[ ]", false), ("[x]", true), ("[X]", true)];
    let found = boxes.iter().find_map(|(tick, is)| Some((*is, words.strip_prefix(tick)?)));
    found.map_or((None, words), |(is, words)| (Some(is), words.trim_start()))
}

fn numbered(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['(', '（']);
    let rest =
        line.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    let digits = line.len() - rest.len();
    // Longer numbers are years and amounts; a Han numeral has three bytes.
    let longest = if line.starts_with(|c: char| c.is_ascii_digit()) { 3 } else { 9 };
    if !(1..=longest).contains(&digits) {
        return None;
    }
    let mark = rest.chars().next()?;
    let rest = rest.get(mark.len_utf8()..)?;
    match mark {
        '、' | '）' => Some(rest),
        '.' | ')' if rest.starts_with(char::is_whitespace) => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(Kind, String)> {
        blocks(text).into_iter().map(|block| (block.kind, block.text)).collect()
    }

    #[test]
    fn lines_wrapped_by_hand_are_joined() {
        let text = "The river ran under the\ncity for a hundred years,\nand nobody saw it.\n\nNow it is back.";
        assert_eq!(
            texts(text),
            [
                (
                    Kind::Paragraph,
                    "The river ran under the city for a hundred years, and nobody saw it.".into()
                ),
                (Kind::Paragraph, "Now it is back.".into()),
            ]
        );
        assert_eq!(texts("河水在城市下面流了\n一百年。")[0].1, "河水在城市下面流了一百年。");
    }

    #[test]
    fn a_paragraph_a_line_stays_so() {
        assert_eq!(texts("第一段说了一件事。\n第二段说了另外一件更长的事情。").len(), 2);
    }

    #[test]
    fn markdown_is_understood() {
        let text = "---\ntitle: x\n---\n# Queue\n\n```rust\nlet a = 1;\n```\n- [ ] write\n- read\n  again\n\n| a | b |\n\nTitle two\n---------\n1. one";
        assert_eq!(
            texts(text),
            [
                (Kind::Heading, "Queue".into()),
                (Kind::Item, "write".into()),
                (Kind::Item, "read again".into()),
                (Kind::Heading, "Title two".into()),
                (Kind::Item, "one".into()),
            ]
        );
    }

    #[test]
    fn a_fence_that_never_closes_hides_nothing() {
        assert_eq!(texts("```\nfirst\n\nlast words.").len(), 2);
    }

    #[test]
    fn a_text_of_code_alone_is_still_a_text() {
        assert_eq!(texts("```\nlet a = 1;\n```")[0].1, "let a = 1;");
    }
}
