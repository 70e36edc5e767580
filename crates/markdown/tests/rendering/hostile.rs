//! Texts that are made to be slow or deep.

use std::time::{Duration, Instant};

use markdown::{Stream, render};

use crate::outline::rendered;

const MIB: usize = 1024 * 1024;

fn hostile() -> Vec<(&'static str, String)> {
    let unit = |unit: &str, bytes: usize| unit.repeat(bytes / unit.len());
    vec![
        ("one word", unit("x", MIB)),
        ("one line", unit("word ", MIB)),
        ("spaces", unit(" ", MIB)),
        ("newlines", unit("\n", MIB)),
        ("short lines", unit("a\n", MIB)),
        ("stars", unit("*", MIB)),
        ("emphasis", unit("*a ", MIB)),
        ("mixed emphasis", unit("*a _b **c __d ~~e ", MIB)),
        ("brackets", unit("[", MIB)),
        ("images", unit("![a](", MIB)),
        ("angles", unit("<", MIB)),
        ("comments", unit("<!-- ", MIB)),
        ("backticks", unit("` `` ``` ", MIB)),
        ("parentheses", format!("[a]({}", unit("(", MIB))),
        ("entities", unit("&#1", MIB)),
        ("backslashes", unit("\\", MIB)),
        ("addresses", unit("http://a))))", MIB)),
        ("definitions", unit("[a]: b\n\n", MIB)),
        ("quotations", unit(">", MIB)),
        ("spaced quotations", unit("> ", MIB)),
        ("quotations and blank lines", unit(&format!("{}\n\n\n\n", ">".repeat(100)), MIB)),
        ("items", unit("- ", MIB)),
        ("items and blank lines", unit(&format!("{}a\n\n\n\n", "- ".repeat(100)), MIB)),
        ("numbers", unit("1. ", MIB)),
        ("deeper and deeper", (0..1_000).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect()),
        ("a wide table", format!("{}\n{}\n{}", unit("|a", 4096), unit("|-", 4096), unit("|b", MIB))),
        ("many rows", format!("|a|b|\n|-|-|\n{}", unit("|x|y|\n", MIB))),
        ("rows without columns", format!("{}|\n{}|\n{}", unit("|a", 2048), unit("|-", 2048), unit("|\n", MIB / 4))),
        ("code", format!("```\n{}", unit("let x = 1;\n", MIB))),
        ("a line of code", format!("```\n{}", unit("x", MIB))),
        ("fences", unit("```\n", MIB)),
        ("headings", unit("# a\n", MIB)),
        ("underlines", unit("a\n=\n", MIB)),
        ("carriage returns", unit("a\r", MIB)),
    ]
}

#[test]
fn a_mebibyte_of_anything_takes_seconds_at_most() {
    for (name, text) in hostile() {
        let begun = Instant::now();
        render(&text);
        let whole = begun.elapsed();
        // In pieces, a fraction shows it.
        let begun = Instant::now();
        let mut stream = Stream::new();
        let part = text.floor_char_boundary(text.len() / 32);
        let pieces = text[..part].as_bytes().chunks(16);
        let count = pieces.len();
        for piece in pieces {
            stream.push(std::str::from_utf8(piece).unwrap());
        }
        let a_piece = begun.elapsed() / u32::try_from(count).unwrap();
        println!("{name:<28} whole {whole:>10.1?}, a piece {a_piece:>10.1?}");
        assert!(whole < Duration::from_secs(30), "{name}: {whole:?}");
        assert!(a_piece < Duration::from_millis(20), "{name}: {a_piece:?}");
    }
}

#[test]
fn depth_is_bounded() {
    for text in [
        "> ".repeat(1_000) + "a",
        "- ".repeat(1_000) + "a",
        (0..100).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect(),
        "*a **b ".repeat(100) + &"c** d* ".repeat(100),
        "1. > ".repeat(500) + "[*a*](https://x.y)",
    ] {
        let json = serde_json::to_string(&render(&text)).unwrap();
        let mut depth = 0_usize;
        let deepest = json.bytes().map(|byte| {
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth
        });
        assert!(deepest.max().unwrap_or_default() < 110, "{text:.60}");
        let read: Vec<protocol::markdown::Block> = serde_json::from_str(&json).unwrap();
        assert_eq!(read, render(&text));
    }
    assert!(rendered(&("> ".repeat(40) + "a")).contains("p("));
}

#[test]
fn nothing_is_lost_of_a_long_paragraph() {
    let text = "灯塔 keeper, ".repeat(2_000);
    let rendered = rendered(&text);
    assert!(rendered.starts_with("p(") && rendered.contains(") …p("), "{rendered:.80}");
    let dense = |text: &str| text.replace(") …p(", "").replace(' ', "");
    assert_eq!(dense(&rendered), dense(&format!("p({text})")));
}
