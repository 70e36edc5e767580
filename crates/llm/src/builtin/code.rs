//! Tells code that is pasted without fences from prose.

/// What lines of code begin with.
const BEGINNINGS: [&str; 36] = [
    "}",
    "//",
    "/*",
    "*/",
    "#include",
    "#define",
    "#!/",
    "import ",
    "from ",
    "export ",
    "const ",
    "let ",
    "var ",
    "function ",
    "async ",
    "def ",
    "class ",
    "return ",
    "public ",
    "private ",
    "static ",
    "fn ",
    "pub ",
    "use ",
    "impl ",
    "struct ",
    "enum ",
    "if (",
    "for (",
    "while (",
    "switch (",
    "@media",
    "@import",
    "$ ",
    "npm ",
    "SELECT ",
];
/// Signs of code.
const SIGNS: &str = "{}()[];=<>|&$+*/\\_#@`";
/// A word of so many bytes is data.
const DATA: usize = 40;

/// Which of the lines, white space around them taken away, are code.
pub(super) fn is_code(lines: &[&str]) -> Vec<bool> {
    let mut code: Vec<bool> = lines.iter().map(|line| is_code_line(line)).collect();
    // What stands between lines of code is code, unless it is a sentence.
    for at in 1..lines.len().saturating_sub(1) {
        let between =
            code[at - 1] && lines[at + 1..].iter().zip(&code[at + 1..]).take(2).any(|it| *it.1);
        code[at] |= between && !is_sentence(lines[at]);
    }
    // A single line may be prose with odd signs.
    let mut at = 0;
    while at < code.len() {
        let run = code[at..].iter().take_while(|is_code| **is_code).count();
        let lines_of_it = lines[at..at + run].iter().filter(|line| !line.is_empty()).count();
        if run > 0
            && lines_of_it < 2
            && !lines[at..at + run].iter().any(|line| is_surely_code(line))
        {
            code[at..at + run].fill(false);
        }
        at += run.max(1);
    }
    code
}

fn is_code_line(line: &str) -> bool {
    if line.is_empty() || !line.is_ascii() && is_sentence(line) {
        return false;
    }
    let signs = line.chars().filter(|c| SIGNS.contains(*c)).count();
    let said = line.chars().filter(|c| !c.is_whitespace()).count();
    let words = line.split_whitespace().count();
    let begins = BEGINNINGS.iter().any(|beginning| line.starts_with(beginning));
    let ends = line.ends_with(['{', '}', ';']) || line.ends_with("=>") || line.ends_with("*/");
    is_surely_code(line)
        || ends && (signs > 1 || words < 3)
        || line.ends_with(';') && line.contains(':') && words < 7
        || begins && signs > 0 && !is_sentence(line)
        || line.starts_with("import ") && words < 4 && !is_sentence(line)
        || is_call(line)
        || signs * 4 >= said && said > 1 && !is_markdown(line)
}

/// Whether one line is enough to tell.
fn is_surely_code(line: &str) -> bool {
    let is_rule = line.contains('{') && line.ends_with('}') && line.contains([':', ';', '=']);
    is_rule
        || line.ends_with(") {")
        || line.ends_with("};")
        || line.ends_with(");") && !line.contains(". ")
        || line.starts_with("$ ") && line.len() > 3
        || is_data(line)
}

/// Whether it is data in letters, as a picture is in Base64.
fn is_data(line: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_');
    let mixed = |test: fn(char) -> bool| line.contains(test);
    line.len() >= DATA
        && line.chars().all(is_letter)
        && mixed(|c| c.is_ascii_digit())
        && mixed(|c| c.is_ascii_uppercase())
        && mixed(|c| c.is_ascii_lowercase())
}

/// `print(args)`
fn is_call(line: &str) -> bool {
    let Some((name, _)) = line.split_once('(') else { return false };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
    line.ends_with(')') && name.len() > 1 && name.chars().all(is_name)
}

fn is_sentence(line: &str) -> bool {
    let ends = line.ends_with(['.', '!', '?', ':', ',', '。', '！', '？', '：', '，']);
    let is_wide = line.chars().filter(|c| super::script::is_cjk(*c)).count() > 4;
    ends && (line.split_whitespace().count() > 3 || is_wide)
}

/// Whether its signs are Markdown's.
fn is_markdown(line: &str) -> bool {
    line.starts_with(['#', '|', '>', '-', '*', '[', '!', '<', '`', '+', '_', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_prose() {
        let text = "Style the message like this:\n.ollama-message {\nbackground-color: #f0f0f0;\n}\n\
                    Then it looks better.\n\nimport os\ndef main(*args):\nprint(args)\n\nThat is all.";
        let lines: Vec<&str> = text.lines().collect();
        let code = is_code(&lines);
        let prose: Vec<&str> = lines
            .iter()
            .zip(&code)
            .filter(|it| !it.1 && !it.0.is_empty())
            .map(|it| *it.0)
            .collect();
        assert_eq!(
            prose,
            ["Style the message like this:", "Then it looks better.", "That is all."]
        );
    }

    #[test]
    fn one_line_of_code_is_told_when_it_is_sure() {
        assert_eq!(is_code(&["Write", ".a { color: red; }", "there"]), [false, true, false]);
        assert_eq!(
            is_code(&["iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4"]),
            [true]
        );
    }

    #[test]
    fn prose_with_odd_signs_stays() {
        let lines = [
            "The seller shall deliver the goods;",
            "the buyer shall pay for them;",
            "from time to time (as agreed), both may talk.",
            "import duties are paid by the buyer.",
            "A & B, C/D and 50% of (E + F) matter.",
            "- *one* and [two](three)",
            "| a | b |",
            "价格（含税）为：100 元/件；",
        ];
        assert_eq!(is_code(&lines), [false; 8]);
    }
}
