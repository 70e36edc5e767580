//! What is unterminated, shown as what it is going to be.

use crate::leaf::{Leaf, LeafKind};

/// Beyond this many that are open at once, none is completed.
const MAX_OPEN: usize = 8;
/// A line that may still become a marker is held back while it is no longer than this.
const MAX_MARKER_BYTES: usize = 256;

/// The text without its last line where that may still become a marker: a fence, an underline, a
/// delimiter row, an item.
pub(crate) fn without_marker(text: &str, opening: usize) -> &str {
    let begins = text.rfind('\n').map_or(opening, |end| (end + 1).max(opening));
    let line = &text[begins..];
    let is_marker = line.bytes().all(|byte| b" \t>-=*_+#`~|:".contains(&byte));
    let item = line.trim_start_matches([' ', '\t', '>']);
    let number = item.trim_end_matches(' ').trim_end_matches(['.', ')']);
    let is_number = number.len() <= 9
        && item.len() <= number.len() + 2
        && number.bytes().all(|byte| byte.is_ascii_digit());
    if line.len() <= MAX_MARKER_BYTES && (is_marker || is_number) { &text[..begins] } else { text }
}

/// The text with what completes its last leaf, and the length of what it has of `text`; none where
/// nothing is to be completed.
pub(crate) fn completed(text: &str, leaf: &Leaf) -> Option<(String, usize)> {
    if leaf.kind == LeafKind::Fenced {
        return without_half_info(text, leaf);
    }
    let end = text.trim_end().len();
    let line_ends = text[end..].matches('\n').count();
    let inlines = leaf.inlines.as_ref()?;
    if inlines.end < end || line_ends > usize::from(leaf.kind == LeafKind::Paragraph) {
        return None;
    }
    let mut scan = Scan::of(text.get(inlines.start..end)?);
    scan.run();
    let keep = inlines.start + scan.keep;
    let closers = scan.closers();
    if keep == end && closers.is_empty() {
        return None;
    }
    let keep = text[..keep].trim_end().len().max(inlines.start);
    Some((format!("{}{closers}", &text[..keep]), keep))
}

/// While a fence's own line is written, its language is not known.
fn without_half_info(text: &str, leaf: &Leaf) -> Option<(String, usize)> {
    let line = &text[leaf.start..];
    let info = line.trim_start_matches(['`', '~']);
    let end = text.len() - info.len();
    (!line.contains('\n') && !info.is_empty()).then(|| (text[..end].to_owned(), end))
}

/// Something that is open.
struct Opener {
    at: usize,
    closer: String,
    /// How long its run is.
    count: usize,
}

struct Scan<'a> {
    text: &'a str,
    /// How much of the text is shown: a marker at its end may not be whole.
    keep: usize,
    emphasis: [Vec<Opener>; 3],
    brackets: Vec<Opener>,
    /// An open code span, or the address of a link.
    last: Option<Opener>,
}

impl<'a> Scan<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, keep: text.len(), emphasis: Default::default(), brackets: vec![], last: None }
    }

    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b'\\' if at + 1 == bytes.len() => return self.keep = at,
                b'\\' => at + 2,
                b'`' => match self.code(at) {
                    Some(end) => end,
                    None => return,
                },
                b'*' | b'_' | b'~' => self.delimiters(at),
                b'!' if bytes.get(at + 1) == Some(&b'[') => self.bracket(at, 2),
                b'[' => self.bracket(at, 1),
                b']' => match self.close_bracket(at) {
                    Some(end) => end,
                    None => return,
                },
                _ => at + 1,
            };
        }
    }

    fn run_length(&self, at: usize) -> usize {
        let bytes = &self.text.as_bytes()[at..];
        bytes.iter().take_while(|byte| **byte == bytes[0]).count()
    }

    /// The end of a code span; none when it is not closed.
    fn code(&mut self, at: usize) -> Option<usize> {
        let count = self.run_length(at);
        let mut from = at + count;
        while let Some(found) = self.text[from..].find('`').map(|found| from + found) {
            let closing = self.run_length(found);
            from = found + closing;
            if closing == count {
                return Some(from);
            }
        }
        let content = self.text[at + count..].trim_end_matches('`');
        let end = at + count + content.len();
        if content.trim().is_empty() {
            self.keep = at;
        } else {
            // Of a closing run, perhaps a part has come.
            self.keep = if self.text.len() - end < count { end } else { self.text.len() };
            self.last = Some(Opener { at, closer: "`".repeat(count), count });
        }
        None
    }

    fn bracket(&mut self, at: usize, length: usize) -> usize {
        if at + length == self.text.len() {
            self.keep = at;
        } else {
            self.brackets.push(Opener { at, closer: "]()".to_owned(), count: length });
        }
        at + length
    }

    /// Where what follows a closing bracket is read on; none when an address is not complete.
    fn close_bracket(&mut self, at: usize) -> Option<usize> {
        let Some(opener) = self.brackets.pop() else { return Some(at + 1) };
        match self.text.as_bytes().get(at + 1) {
            None => self.keep = at,
            Some(b'(') => {
                if let Some(end) = end_of_address(&self.text[at + 2..]) {
                    return Some(at + 2 + end);
                }
                self.keep = at;
            }
            Some(_) => return Some(at + 1),
        }
        self.last = Some(opener);
        None
    }

    fn delimiters(&mut self, at: usize) -> usize {
        let mut count = self.run_length(at);
        let end = at + count;
        let byte = self.text.as_bytes()[at];
        let kind = match byte {
            b'*' => 0,
            b'_' => 1,
            _ => 2,
        };
        if end == self.text.len() {
            // It may open or close, and may not be whole.
            self.keep = at;
            return end;
        }
        let (opens, closes) = flanks(self.text[..at].chars().next_back(), &self.text[end..], byte);
        while closes && let Some(opener) = self.emphasis[kind].last_mut() {
            let closed = opener.count.min(count);
            opener.count -= closed;
            count -= closed;
            if opener.count == 0 {
                self.emphasis[kind].pop();
            }
            if count == 0 {
                break;
            }
        }
        if count > 0 && opens {
            self.emphasis[kind].push(Opener { at, closer: char::from(byte).to_string(), count });
        }
        end
    }

    /// What closes all that is open, innermost first.
    fn closers(mut self) -> String {
        let mut open: Vec<_> = self.emphasis.iter_mut().flat_map(std::mem::take).collect();
        for opener in &mut open {
            opener.closer = opener.closer.repeat(opener.count);
        }
        open.extend(self.last.or_else(|| self.brackets.pop()));
        if open.len() > MAX_OPEN || open.iter().any(|opener| opener.count > MAX_OPEN) {
            return String::new();
        }
        open.sort_unstable_by_key(|opener| std::cmp::Reverse(opener.at));
        open.into_iter().map(|opener| opener.closer).collect()
    }
}

/// Where the address ends that stands in parentheses, and they with it.
fn end_of_address(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at + 1),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether a run of delimiters can open and close emphasis (CommonMark, section 6.2).
fn flanks(before: Option<char>, after: &str, delimiter: u8) -> (bool, bool) {
    let is_space = |char: Option<char>| char.is_none_or(char::is_whitespace);
    let is_punctuation = |char: Option<char>| {
        char.is_some_and(|char| !char.is_alphanumeric() && !char.is_whitespace())
    };
    let after = after.chars().next();
    let left =
        !is_space(after) && (!is_punctuation(after) || is_space(before) || is_punctuation(before));
    let right =
        !is_space(before) && (!is_punctuation(before) || is_space(after) || is_punctuation(after));
    if delimiter == b'_' {
        (left && (!right || is_punctuation(before)), right && (!left || is_punctuation(after)))
    } else {
        (left, right)
    }
}
