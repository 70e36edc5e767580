/// How long a title is at most, in Unicode scalar values.
pub const MOST_TITLE_CHARS: usize = 200;

/// How long a title is that is made from a message.
const FIRST_TITLE_CHARS: usize = 60;

/// The title of a conversation that begins with `message`, until it gets another: the beginning of
/// its first line, cut between words where there are some.
#[must_use]
pub fn first_title(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|line| !crate::is_blank(line));
    let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
    let line = words.join(" ");
    let Some((end, _)) = line.char_indices().nth(FIRST_TITLE_CHARS) else { return line };
    let cut = &line[..end];
    let cut = match cut.rfind(' ') {
        Some(space) if space > end / 2 && !line[end..].starts_with(' ') => &cut[..space],
        _ => cut,
    };
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_beginning_of_what_was_asked() {
        assert_eq!(first_title("\n  Why did   it freeze?\nAnd when?"), "Why did it freeze?");
        let long = "word ".repeat(40);
        let title = first_title(&long);
        assert!(title.ends_with("word…") && title.chars().count() <= 61, "{title}");
        assert_eq!(first_title(&"问".repeat(100)).chars().count(), 61);
    }
}
