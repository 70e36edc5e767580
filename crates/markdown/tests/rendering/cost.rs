//! The size of edits does not grow with the text.

use markdown::Stream;

/// Bytes of all edits of a text in pieces of `size` bytes, and of the largest of one piece.
fn bytes(text: &str, size: usize) -> (usize, usize) {
    let mut stream = Stream::new();
    let (mut all, mut largest) = (0, 0);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(size.min(rest.len())));
        let edits = serde_json::to_string(&stream.push(piece)).unwrap().len();
        (all, largest, rest) = (all + edits, largest.max(edits), after);
    }
    (all + serde_json::to_string(&stream.finish()).unwrap().len(), largest)
}

fn texts() -> Vec<(&'static str, String)> {
    let sentence = "The clock in the **old lighthouse** kept `time` for the *whole* village. ";
    let paragraph = format!("{}\n\n", sentence.repeat(12));
    let lines = |line: &str| line.repeat(60_000 / line.len());
    vec![
        ("paragraphs", lines(&paragraph)),
        ("one paragraph", lines(sentence)),
        ("lines", lines("A line of a poem, not long\n")),
        ("code", format!("```rust\n{}", lines("    let time = clock.now();\n"))),
        (
            "code in an item",
            format!("1. a\n\n   ```rust\n{}", lines("   let time = clock.now();\n")),
        ),
        ("a list", lines("- An item of the list with **words**\n")),
        ("a nested list", format!("- a\n{}", lines("  - An item of the list with **words**\n"))),
        ("an item's paragraphs", format!("- a\n{}", lines("\n  Another paragraph of the item.\n"))),
        ("a quotation", lines("> Quoted, at some length.\n>\n")),
        ("a table", format!("| a | b |\n|---|---|\n{}", lines("| a cell | another `cell` |\n"))),
        (
            "a table in an item",
            format!("- | a | b |\n  |---|---|\n{}", lines("  | a cell | another |\n")),
        ),
    ]
}

#[test]
fn the_bytes_of_all_edits_are_linear() {
    for (name, text) in texts() {
        let half = &text[..text.floor_char_boundary(text.len() / 2)];
        let ((all, largest), (all_of_half, _)) = (bytes(&text, 12), bytes(half, 12));
        println!("{name:<22} {:>5.1} a byte, {largest} at most", all as f64 / text.len() as f64);
        assert!(all < 12 * text.len(), "{name}: {all} bytes for {}", text.len());
        assert!(all < all_of_half * 21 / 10, "{name}: {all_of_half}, then {all}");
        assert!(largest < 2_500, "{name}: {largest} bytes for one piece");
    }
}
