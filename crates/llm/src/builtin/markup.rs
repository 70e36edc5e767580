//! Takes the signs of Markdown and HTML out of a line and leaves the words.

/// Bytes within which a link, an image or a tag must end to be taken for one.
const REACH: usize = 400;
/// A longer row of signs is a drawing or noise; the rest of it is left out.
const SIGNS: usize = 64;

/// The words of a line: markup taken out, white space narrowed to single spaces.
pub(super) fn plain(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut signs = 0;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let before = words.chars().next_back();
        let (text, length) = match c {
            '!' if rest.starts_with("![") => link(rest.get(1..).unwrap_or_default())
                .map_or(("!", 1), |(_, length)| ("", length + 1)),
            '[' => link(rest).unwrap_or(("[", 1)),
            '<' => tag(rest).map_or(("<", 1), |length| ("", length)),
            '`' => ("", 1),
            '*' | '_' | '~' => emphasis(rest, before),
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

/// A sign of emphasis goes when it leans on a word from one side only: `2 * 3` and `snake_case`
/// keep theirs.
fn emphasis(rest: &str, before: Option<char>) -> (&str, usize) {
    let sign = rest.get(..1).unwrap_or_default();
    let length = rest.len() - rest.trim_start_matches(sign).len();
    let run = rest.get(..length).unwrap_or_default();
    let after = rest.get(length..).and_then(|rest| rest.chars().next());
    let part_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let leans = match sign {
        "*" => !(blank(before) && blank(after)) && (length > 1 || !both_digits(before, after)),
        "_" => part_of_word(before) != part_of_word(after),
        _ => length == 2,
    };
    if leans { ("", length) } else { (run, length) }
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
