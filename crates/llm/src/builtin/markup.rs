//! Takes the signs of Markdown and HTML out of a line and leaves the words.

use std::borrow::Cow;

/// Bytes within which a link, an image or a tag must end to be taken for one.
const REACH: usize = 400;
/// A longer row of signs is a drawing or noise; the rest of it is left out.
const SIGNS: usize = 64;

/// The words of a line: markup taken out, white space narrowed to single spaces.
pub(super) fn plain(line: &str) -> String {
    let line = &*without_data(line);
    let mut words = String::with_capacity(line.len());
    let mut signs = 0;
    let mut open = Emphasis::default();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let before = words.chars().next_back();
        let (text, length) = match c {
            '!' if rest.starts_with("![") => link(rest.get(1..).unwrap_or_default())
                .map_or(("!", 1), |(_, length)| ("", length + 1)),
            '[' => link(rest).unwrap_or(("[", 1)),
            '<' => tag(rest).map_or(("<", 1), |length| ("", length)),
            '`' => code(rest),
            '*' | '_' | '~' => open.read(rest, before),
            _ => (rest.get(..c.len_utf8()).unwrap_or_default(), c.len_utf8()),
        };
        for c in text.chars() {
            signs = if c.is_alphanumeric() || c.is_whitespace() { 0 } else { signs + 1 };
            if signs <= SIGNS {
                push(&mut words, c);
            }
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    words.truncate(words.trim_end().len());
    words
}

/// The line without pictures and the like that are written into it (RFC 2397).
fn without_data(line: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = line[at..].find("data:") {
        let start = at + found;
        at = start + "data:".len();
        let near = &line[at..line.floor_char_boundary(at + 80)];
        let head = near.split_once(',').map_or("", |(head, _)| head);
        let is_data = head.contains('/') && !head.contains(char::is_whitespace);
        if is_data {
            let end = line[at..].find(|c: char| c.is_whitespace() || ")>\"'".contains(c));
            kept.push_str(&line[done..start]);
            at = end.map_or(line.len(), |end| at + end);
            done = at;
        }
    }
    if done == 0 { Cow::Borrowed(line) } else { Cow::Owned(kept + &line[done..]) }
}

/// What stands between backticks, as it stands there. Backticks alone are left out.
fn code(rest: &str) -> (&str, usize) {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let behind = rest.get(ticks..).unwrap_or_default();
    let near = &behind[..behind.floor_char_boundary(REACH)];
    let end = near.find(&rest[..ticks]);
    match end.and_then(|end| near.get(..end)) {
        Some(code) if !code.is_empty() => (code, 2 * ticks + code.len()),
        _ => ("", ticks),
    }
}

/// Adds a character: white space once, control characters not at all.
fn push(words: &mut String, c: char) {
    if c.is_whitespace() {
        if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    } else if !c.is_control() && c != '\u{FEFF}' {
        words.push(c);
    }
}

/// The text of a link `[text](target)` or `[text][name]` that a text starts with, and its length.
fn link(rest: &str) -> Option<(&str, usize)> {
    let near = rest.get(..rest.floor_char_boundary(REACH))?;
    if !near.contains("](") && !near.contains("][") {
        return None;
    }
    let close = closing(near, '[', ']')?;
    let after = near.get(close + 1..)?;
    let target = match after.chars().next()? {
        '(' => closing(after, '(', ')')?,
        '[' => closing(after, '[', ']')?,
        _ => return None,
    };
    let text = near.get(1..close)?;
    // A picture that is a link, as badges are, has no words.
    let text = if text.starts_with("![") { "" } else { text };
    Some((text, close + 1 + target + 1))
}

/// Where the bracket that a text starts with is closed.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The length of the HTML tag or comment that a text starts with.
fn tag(rest: &str) -> Option<usize> {
    let near = rest.get(1..rest.floor_char_boundary(REACH))?;
    if !near.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
        return None;
    }
    let end = near.find(['<', '>'])?;
    near[end..].starts_with('>').then_some(end + 2)
}

/// Signs of emphasis that are open. They are taken out in pairs around words: `2 * 3`, `*args`,
/// `snake_case` and `__init__` keep theirs.
#[derive(Default)]
struct Emphasis {
    open: Vec<String>,
}

impl Emphasis {
    fn read<'a>(&mut self, rest: &'a str, before: Option<char>) -> (&'a str, usize) {
        let sign = rest.get(..1).unwrap_or_default();
        let behind = rest.trim_start_matches(sign);
        let length = rest.len() - behind.len();
        let run = rest.get(..length).unwrap_or_default();
        let after = behind.chars().next();
        if sign == "~" && length != 2 {
            return (run, length);
        }
        if let Some(at) = self.open.iter().rposition(|open| open == run)
            && closes(sign, before, after)
        {
            self.open.truncate(at);
            return ("", length);
        }
        if opens(sign, before, after) && has_end(run, behind) && !is_name(run, behind) {
            self.open.push(run.to_owned());
            return ("", length);
        }
        (run, length)
    }
}

/// Whether a sign may open emphasis (CommonMark, section 6.2): it leans on what follows.
fn opens(sign: &str, before: Option<char>, after: Option<char>) -> bool {
    let leans = after.is_some_and(|c| !c.is_whitespace()) && (is_word(after) || !is_word(before));
    leans && (sign != "_" || !is_word(before)) && !both_digits(before, after)
}

/// Whether a sign may close emphasis: it leans on what stands before it.
fn closes(sign: &str, before: Option<char>, after: Option<char>) -> bool {
    let leans = before.is_some_and(|c| !c.is_whitespace()) && (is_word(before) || !is_word(after));
    leans && (sign != "_" || !is_word(after)) && !both_digits(before, after)
}

/// Whether a run of signs closes again in what follows it, others in between.
fn has_end(run: &str, behind: &str) -> bool {
    let sign = &run[..1];
    let near = &behind[..behind.floor_char_boundary(REACH)];
    let (mut at, mut depth) = (0, 1_usize);
    while let Some(found) = near[at..].find(sign) {
        let start = at + found;
        let end = near.len() - near[start..].trim_start_matches(sign).len();
        let (before, after) = (near[..start].chars().next_back(), near[end..].chars().next());
        if end - start == run.len() {
            if closes(sign, before, after) {
                depth -= 1;
            } else if opens(sign, before, after) {
                depth += 1;
            }
        }
        if depth == 0 {
            return true;
        }
        at = end;
    }
    false
}

/// Whether it is a name such as `__init__`, which is not emphasised.
fn is_name(run: &str, behind: &str) -> bool {
    let name = behind.split(run).next().unwrap_or_default();
    run == "__"
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

fn both_digits(before: Option<char>, after: Option<char>) -> bool {
    [before, after].iter().all(|c| c.is_some_and(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_signs_go() {
        let lines = [
            ("A **bold** and _quiet_ `word`", "A bold and quiet word"),
            ("see [the guide](https://example.org/a_(b)) now", "see the guide now"),
            ("see [the guide][1].", "see the guide."),
            ("[![build](a.svg)](b) ![logo](c.png)", ""),
            ("<p align=\"center\">Hello<br/> you</p>", "Hello you"),
            (
                "2 * 3 * 4, 2*3, snake_case_name, a < b > c",
                "2 * 3 * 4, 2*3, snake_case_name, a < b > c",
            ),
            ("`__init__`, __init__ and __name__", "__init__, __init__ and __name__"),
            ("f(*args, **kwargs) and `*args`", "f(*args, **kwargs) and *args"),
            ("__Bold words__, ***both***, ~~gone~~, a~b", "Bold words, both, gone, a~b"),
            ("**Durable.** A job, _one_, is *on disk*.", "Durable. A job, one, is on disk."),
            ("**bold**text, **unclosed", "boldtext, **unclosed"),
            ("see ![p](data:image/png;base64,iVBORw0KGgo=) here", "see here"),
            ("src=data:text/plain,x y; data: of 3/4, so", "src= y; data: of 3/4, so"),
            ("  wide \u{3000} space\t here ", "wide space here"),
            ("[see note] an aside", "[see note] an aside"),
        ];
        for (line, words) in lines {
            assert_eq!(plain(line), words);
        }
    }

    #[test]
    fn rows_of_signs_are_cut() {
        assert_eq!(plain(&format!("a{}b", ".)".repeat(500))).len(), SIGNS + 2);
    }
}
