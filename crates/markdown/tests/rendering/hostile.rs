//! Texts that are made to be slow or deep.

use std::time::{Duration, Instant};

use markdown::{Stream, render};

use crate::outline::rendered;

const MIB: usize = 1024 * 1024;
const LONG: usize = MIB / 4;
const PIECES: usize = 256;

fn hostile() -> Vec<(&'static str, String)> {
    let unit = |unit: &str, bytes: usize| unit.repeat(bytes / unit.len());
    vec![
        ("one word", unit("x", MIB)),
        ("one line", unit("word ", MIB)),
        ("spaces", unit(" ", LONG)),
        ("newlines", unit("\n", LONG)),
        ("short lines", unit("a\n", LONG)),
        ("stars", unit("*", LONG)),
        ("emphasis", unit("*a ", LONG)),
        ("mixed emphasis", unit("*a _b **c __d ~~e ", LONG)),
        ("brackets", unit("[", LONG)),
        ("images", unit("![a](", LONG)),
        ("angles", unit("<", LONG)),
        ("comments", unit("<!-- ", LONG)),
        ("backticks", unit("` `` ``` ", LONG)),
        ("parentheses", format!("[a]({}", unit("(", LONG))),
        ("entities", unit("&#1", LONG)),
        ("backslashes", unit("\\", LONG)),
        ("addresses", unit("http://a))))", LONG)),
        ("definitions", unit("[a]: b\n\n", LONG)),
        ("quotations", unit(">", LONG)),
        ("spaced quotations", unit("> ", LONG)),
        ("quotations and blank lines", unit(&format!("{}\n\n\n\n", ">".repeat(100)), LONG)),
        ("items", unit("- ", LONG)),
        ("items and blank lines", unit(&format!("{}a\n\n\n\n", "- ".repeat(100)), LONG)),
        ("numbers", unit("1. ", LONG)),
        (
            "deeper and deeper",
            (0..1_000).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect(),
        ),
        (
            "a wide table",
            format!("{}\n{}\n{}", unit("|a", 4096), unit("|-", 4096), unit("|b", LONG)),
        ),
        ("many rows", format!("|a|b|\n|-|-|\n{}", unit("|x|y|\n", LONG))),
        (
            "rows without columns",
            format!("{}|\n{}|\n{}", unit("|a", 2048), unit("|-", 2048), unit("|\n", LONG / 4)),
        ),
        ("code", format!("```\n{}", unit("let x = 1;\n", LONG))),
        ("a line of code", format!("```\n{}", unit("x", LONG))),
        ("fences", unit("```\n", LONG)),
        ("headings", unit("# a\n", LONG)),
        ("underlines", unit("a\n=\n", LONG)),
        ("carriage returns", unit("a\r", LONG)),
    ]
}

#[test]
fn hostile_texts_take_no_longer_than_others_and_neither_do_their_pieces() {
    for (name, text) in hostile() {
        let begun = Instant::now();
        let _ = render(&text);
        let whole = begun.elapsed();
        let mut stream = Stream::new();
        let (first, rest) = text.split_at(text.len() / 2);
        stream.push(first);
        let begun = Instant::now();
        for piece in rest.as_bytes().chunks(16).take(PIECES) {
            stream.push(std::str::from_utf8(piece).unwrap());
        }
        let pieces = begun.elapsed();
        println!("{name:<28} whole {whole:>10.1?}, {PIECES} pieces {pieces:>10.1?}");
        assert!(whole < Duration::from_secs(20), "{name}: {whole:?}");
        assert!(pieces < Duration::from_secs(10), "{name}: {pieces:?}");
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
