//! When things are reported, and how often.

use partial_json::{Event, Framing, Options, Parser};

use crate::support::{Seen, options, run_bytes};

/// The texts reported for each piece.
fn texts(pieces: &[&str]) -> Vec<Vec<String>> {
    let mut parser = Parser::new(Options::default());
    let report = |piece: &&str| {
        let mut texts = Vec::new();
        let feeding = parser.feed(piece, &mut |event| {
            if let Event::Text { text, .. } = event {
                texts.push(text.to_owned());
            }
        });
        feeding.expect("valid so far");
        texts
    };
    pieces.iter().map(report).collect()
}

#[test]
fn text_comes_with_the_piece_that_made_it_certain() {
    let pieces = ["\"ab", "c\\", "n", "\\ud8", "3d", "\\u", "de00!", "\\u00e", "9", "\""];
    let expected: [&[&str]; 10] =
        [&["ab"], &["c"], &["\n"], &[], &[], &[], &["😀!"], &[], &["é"], &[]];
    assert_eq!(texts(&pieces), expected);
}

#[test]
fn text_comes_at_once_for_a_piece() {
    assert_eq!(texts(&["[\"a\\nb\\u4e2dc\\\"d\", \"e"]), [["a\nb中c\"d", "e"]]);
}

#[test]
fn a_long_piece_needs_no_copy_as_long() {
    let piece = format!("\"{}", "plain\\n".repeat(100_000));
    let longest = texts(&[&piece]).concat().iter().map(String::len).max();
    assert!(longest < Some(32 << 10), "{longest:?}");
}

#[test]
fn atoms_come_when_they_are_whole() {
    let mut parser = Parser::new(Options::default());
    let mut come = Vec::new();
    for piece in ["[tr", "ue", ",12", "3", ".5", "]"] {
        let mut count = 0;
        let feeding = parser.feed(piece, &mut |event| {
            count += usize::from(matches!(event, Event::Value { .. }));
        });
        feeding.expect("valid so far");
        come.push(count);
    }
    assert_eq!(come, [0, 1, 0, 0, 0, 1]);
}

#[test]
fn what_was_certain_before_an_error_stands() {
    for bytes in ["\"ab\u{1}", "\"a\\u0062\u{1}", "\"a\\u0062\\x", "\"ab\\ud83dx"] {
        for size in [1, bytes.len()] {
            let run = run_bytes(options(Framing::Strict), bytes.as_bytes().chunks(size));
            assert!(run.result.is_err());
            assert_eq!(run.events[1], Seen::Text(String::new(), "ab".to_owned()), "{bytes}");
        }
    }
    let run = run_bytes(options(Framing::Strict), [b"1\xe4".as_slice()]);
    assert_eq!(run.events, []);
}
