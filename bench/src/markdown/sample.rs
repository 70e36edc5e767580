//! A made-up answer in Markdown, the same on every machine.

use std::fmt::Write as _;

const WORDS: &str = "the clock in old lighthouse kept time for whole village and nobody had ever \
    asked who wound it until electric light came then ferry left too early or late while keeper \
    slept beside slow wide river";

/// Sections of every kind of block, until there are so many bytes.
pub(super) fn text(bytes: usize) -> String {
    let mut writer = Writer { random: fastrand::Rng::with_seed(42), text: String::new() };
    let sections: [fn(&mut Writer); 6] = [
        Writer::paragraphs,
        Writer::list,
        Writer::code,
        Writer::table,
        Writer::steps,
        Writer::quote,
    ];
    for section in sections.into_iter().cycle() {
        if writer.text.len() >= bytes {
            break;
        }
        writer.heading();
        section(&mut writer);
    }
    writer.text
}

/// The text in pieces of 4 to 40 characters.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut chars = text.chars().peekable();
    let mut pieces = Vec::new();
    while chars.peek().is_some() {
        pieces.push(chars.by_ref().take(random.usize(4..=40)).collect());
    }
    pieces
}

struct Writer {
    random: fastrand::Rng,
    text: String,
}

impl Writer {
    /// Some words, of which a few are emphasised, code or a link.
    fn words(&mut self, count: usize) -> String {
        let words: Vec<_> = WORDS.split_whitespace().collect();
        let mut written = Vec::new();
        for _ in 0..count {
            let word = words[self.random.usize(..words.len())];
            written.push(match self.random.u8(..32) {
                0 => format!("**{word} {word}**"),
                1 => format!("*{word}*"),
                2 => format!("`{word}()`"),
                3 => format!("[{word}](https://example.org/{word})"),
                _ => word.to_owned(),
            });
        }
        written.join(" ")
    }

    // Writing to a string cannot fail.

    fn heading(&mut self) {
        let words = self.words(4);
        let _ = write!(self.text, "## {words}\n\n");
    }

    fn paragraphs(&mut self) {
        for _ in 0..3 {
            let words = self.words(60);
            let _ = write!(self.text, "{words}.\n\n");
        }
    }

    fn list(&mut self) {
        for _ in 0..6 {
            let (item, inner, other) = (self.words(14), self.words(8), self.words(8));
            let _ = write!(self.text, "- {item}\n  - {inner}\n  - {other}\n");
        }
        self.text.push('\n');
    }

    fn steps(&mut self) {
        for step in 1..=5 {
            let (words, more) = (self.words(12), self.words(20));
            let _ = write!(
                self.text,
                "{step}. {words}:\n\n   ```sh\n   clock --wind {step}\n   ```\n\n   {more}.\n"
            );
        }
        self.text.push('\n');
    }

    fn code(&mut self) {
        self.text.push_str("```rust\n");
        for line in 0..30 {
            let _ = writeln!(self.text, "    let time_{line} = clock.wind(&village, {line})?;");
        }
        self.text.push_str("```\n\n");
    }

    fn table(&mut self) {
        self.text.push_str("| Clock | Village | Hours |\n|:---|---|---:|\n");
        for row in 0..10 {
            let (clock, village) = (self.words(3), self.words(5));
            let _ = writeln!(self.text, "| {clock} | {village} | {row} |");
        }
        self.text.push('\n');
    }

    fn quote(&mut self) {
        for _ in 0..2 {
            let words = self.words(30);
            let _ = write!(self.text, "> {words}.\n>\n");
        }
        self.text.push('\n');
    }
}
