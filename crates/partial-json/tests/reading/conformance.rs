//! RFC 8259, sentence by sentence: what must be read, what must be refused, and where.

use crate::support::{options, run_bytes};
use partial_json::{ErrorKind, Framing, Options};
use serde_json::Value;

/// Read, and as serde_json reads it.
#[rustfmt::skip]
const ACCEPTED: &[&str] = &[
    // 2: structure and white space; 3: values; any value may be a text
    "null", "true", "false", "0", "\"\"", "[]", "{}", " \t\r\n{ \t\r\n} \t\r\n", "[ ]", "[\n1\n,\n2\n]",
    "{\"a\"\t:\r1\n,\"b\" : [ ] }", "[[],[[]],{}]", "[null,true,false,0,\"\",[],{}]",
    // 4: objects; names need not be unique, may be empty or anything a string may be
    "{\"\":0}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "{\"a\":[1],\"a\":[]}",
    "{\"a/b\":1,\"a~b\":2,\"~1\":3,\"~0\":4,\"/\":5,\"\":6}", "{\"\\u0061\\n\\\"\":1}", "{\"中\\ud83d\\ude00\":1}",
    "{\"a\":{\"a\":{\"a\":{}}}}", "{\"0\":[{\"0\":0}]}",
    // 6: numbers
    "-0", "-1", "10", "1234567890", "0.0", "-0.0", "1.5", "0.10", "1e1", "1E1", "1e+1", "1e-1", "0e0", "0E+00",
    "1.25e2", "-1.25E-2", "123456789012345678901234567890", "9007199254740993", "1e-400",
    "[0,-1,2.5]", "[1 ,2]", " 0 ", "-9223372036854775808", "18446744073709551615",
    // 7: strings
    "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"/\"", "\"\\u0000\"", "\"\\u001f\"", "\"\\u00e9\\u00E9\"", "\"\\uFFFF\"",
    "\"\\uabcd\\uABCD\"", "\"\\ud7ff\\ue000\"", "\"\\ud800\\udc00\"", "\"\\uDBFF\\uDFFF\"", "\"\\ud83d\\ude00\\ud83d\\ude00\"",
    "\"\u{7f}\"", "\"\u{80}\u{2028}\u{2029}\"", "\"\u{feff}\"", "\"é中😀\"", "\"\u{10ffff}\"", "\"\\\\u0041\"", "\"\\\\\\\"\"",
    "\"// not a comment\"", "\"'\"", "[\"a\",\"b\"]",
];

/// Refused as serde_json refuses it, with this kind at this byte.
#[rustfmt::skip]
const REFUSED: &[(&[u8], ErrorKind, u64)] = {
    use ErrorKind::{
        ControlCharacter, InvalidEscape, InvalidNumber, InvalidUtf8, LoneSurrogate, NoDocument,
        TrailingData, UnexpectedByte, UnexpectedEnd,
    };
    &[
        // 2: structure and white space
        (b"", NoDocument, 0), (b" \n", NoDocument, 2), (b"\x0bnull", UnexpectedByte, 0), (b"\x0c1", UnexpectedByte, 0),
        (b"\xc2\xa01", UnexpectedByte, 0), (b"[1]x", TrailingData, 3), (b"{} {}", TrailingData, 3), (b"null,", TrailingData, 4),
        (b"\"a\"\"b\"", TrailingData, 3), (b"1 2", TrailingData, 2), (b"[]]", TrailingData, 2), (b"// c", UnexpectedByte, 0), (b"[1/**/]", UnexpectedByte, 2),
        (b"[1]\x00", TrailingData, 3),
        // 3: values
        (b"nul", UnexpectedEnd, 3), (b"nulL", UnexpectedByte, 3), (b"True", UnexpectedByte, 0), (b"tru ", UnexpectedByte, 3),
        (b"falsey", TrailingData, 5), (b"NaN", UnexpectedByte, 0), (b"-Infinity", InvalidNumber, 1), (b"undefined", UnexpectedByte, 0), (b"'a'", UnexpectedByte, 0),
        // 4: objects
        (b"{", UnexpectedEnd, 1), (b"}", UnexpectedByte, 0), (b"{a:1}", UnexpectedByte, 1), (b"{1:1}", UnexpectedByte, 1), (b"{'a':1}", UnexpectedByte, 1),
        (b"{\"a\"}", UnexpectedByte, 4), (b"{\"a\":}", UnexpectedByte, 5), (b"{\"a\":1,}", UnexpectedByte, 7), (b"{,}", UnexpectedByte, 1),
        (b"{\"a\" 1}", UnexpectedByte, 5), (b"{\"a\"::1}", UnexpectedByte, 5), (b"{\"a\":1 \"b\":2}", UnexpectedByte, 7), (b"{\"a\":1]", UnexpectedByte, 6),
        (b"{\"a\":1,,\"b\":2}", UnexpectedByte, 7), (b"{\"a\":1", UnexpectedEnd, 6), (b"{\"a", UnexpectedEnd, 3), (b"{\"a\":\"b", UnexpectedEnd, 7), (b"{[]:1}", UnexpectedByte, 1),
        // 5: arrays
        (b"[", UnexpectedEnd, 1), (b"]", UnexpectedByte, 0), (b"[1,]", UnexpectedByte, 3), (b"[,1]", UnexpectedByte, 1), (b"[1,,2]", UnexpectedByte, 3),
        (b"[1 2]", UnexpectedByte, 3), (b"[1}", UnexpectedByte, 2), (b"[1:2]", UnexpectedByte, 2), (b"[[1]", UnexpectedEnd, 4), (b"[\"a\":1]", UnexpectedByte, 4),
        // 6: numbers
        (b"-", UnexpectedEnd, 1), (b"[-]", InvalidNumber, 2), (b"+1", UnexpectedByte, 0), (b"01", InvalidNumber, 1), (b"-01", InvalidNumber, 2), (b"00", InvalidNumber, 1),
        (b".5", UnexpectedByte, 0), (b"[1.]", InvalidNumber, 3), (b"1.", UnexpectedEnd, 2), (b"1e", UnexpectedEnd, 2), (b"[1e]", InvalidNumber, 3), (b"[1e+]", InvalidNumber, 4),
        (b"1.e1", InvalidNumber, 2), (b"1e1.5", TrailingData, 3), (b"1.2.3", TrailingData, 3), (b"0x10", TrailingData, 1), (b"1_000", TrailingData, 1), (b"--1", InvalidNumber, 1),
        (b"- 1", InvalidNumber, 1), (b"1a", TrailingData, 1), (b"\xef\xbc\x91", UnexpectedByte, 0),
        // 7: strings
        (b"\"", UnexpectedEnd, 1), (b"\"a", UnexpectedEnd, 2), (b"\"\\\"", UnexpectedEnd, 3), (b"\"\n\"", ControlCharacter, 1), (b"\"a\tb\"", ControlCharacter, 2),
        (b"\"\x00\"", ControlCharacter, 1), (b"\"\x1f\"", ControlCharacter, 1), (b"{\"\n\":1}", ControlCharacter, 2), (b"\"\\a\"", InvalidEscape, 2), (b"\"\\'\"", InvalidEscape, 2),
        (b"\"\\x41\"", InvalidEscape, 2), (b"\"\\0\"", InvalidEscape, 2), (b"\"\\U0041\"", InvalidEscape, 2), (b"\"\\u004\"", InvalidEscape, 6), (b"\"\\u00g0\"", InvalidEscape, 5),
        (b"\"\\u{41}\"", InvalidEscape, 3), (b"\"\\u+041\"", InvalidEscape, 3), (b"\"\\\n\"", InvalidEscape, 2), (b"\"\\ud83d\"", LoneSurrogate, 7), (b"\"\\ude00\"", LoneSurrogate, 6),
        (b"\"\\ud83dx\"", LoneSurrogate, 7), (b"\"\\ud83d\\n\"", LoneSurrogate, 8), (b"\"\\ud83d\\ud83d\\ude00\"", LoneSurrogate, 12), (b"\"\\ud83d\\u0041\"", LoneSurrogate, 12), (b"{\"\\ude00\":1}", LoneSurrogate, 7),
        // 8.1: UTF-8 and no byte order mark
        (b"\xef\xbb\xbf{}", UnexpectedByte, 0), (b"\"\xff\"", InvalidUtf8, 1), (b"\"\x80\"", InvalidUtf8, 1), (b"\"\xc0\xaf\"", InvalidUtf8, 1), (b"\"\xed\xa0\x80\"", InvalidUtf8, 1),
        (b"\"\xf4\x90\x80\x80\"", InvalidUtf8, 1), (b"\"\xe4\xb8\"", InvalidUtf8, 1), (b"\"\xe4\xb8", UnexpectedEnd, 1), (b"1 \xe4\xb8", InvalidUtf8, 2), (b"1\xe4\xb8", InvalidUtf8, 1), (b"\xe4", InvalidUtf8, 0), (b"\xff\xfe1\x00", InvalidUtf8, 0),
        (b"[1\xff", InvalidUtf8, 2), (b"\"\xe4\"", InvalidUtf8, 1),
    ]
};

#[test]
fn accepted() {
    for text in ACCEPTED {
        let expected: Value = serde_json::from_str(text).expect(text);
        for size in [1, 2, 3, text.len()] {
            let run = run_bytes(options(Framing::Strict), text.as_bytes().chunks(size));
            assert_eq!(run.value().as_ref(), Some(&expected), "{text} by {size}: {:?}", run.result);
        }
    }
}

#[test]
fn refused() {
    for &(bytes, kind, offset) in REFUSED {
        let text = String::from_utf8_lossy(bytes);
        assert!(serde_json::from_slice::<Value>(bytes).is_err(), "{text}");
        for size in [1, 2, 3, bytes.len().max(1)] {
            let run = run_bytes(options(Framing::Strict), bytes.chunks(size));
            let error = run.result.expect_err(&text);
            assert_eq!((error.kind, error.offset), (kind, offset), "{text} by {size}");
        }
    }
}

#[test]
fn numbers_are_handed_on_as_written() {
    for literal in ["-0", "1e400", "0.10", "1E+2", "123456789012345678901234567890.5"] {
        let run = run_bytes(options(Framing::Strict), literal.as_bytes().chunks(1));
        assert_eq!(run.events, [crate::support::Seen::Number(String::new(), literal.to_owned())]);
    }
}

#[test]
fn limits_hold_and_say_where() {
    let limits = Options {
        max_depth: 2,
        max_bytes: 40,
        max_key_bytes: 4,
        max_number_bytes: 3,
        ..Options::default()
    };
    let cases = [
        ("[[1]]", Ok(())),
        ("[[[", Err((ErrorKind::TooDeep, 2))),
        ("[{\"a\":{", Err((ErrorKind::TooDeep, 6))),
        ("[[],[],[]]", Ok(())),
        ("{\"abcd\":1}", Ok(())),
        ("{\"a/c\":1}", Ok(())),
        ("{\"abcde\":1}", Err((ErrorKind::KeyTooLong, 1))),
        ("{\"a//c\":1}", Err((ErrorKind::KeyTooLong, 1))),
        ("{\"\\u4e2d\\u4e2d\":1}", Err((ErrorKind::KeyTooLong, 1))),
        ("[123,-12]", Ok(())),
        ("[1234]", Err((ErrorKind::NumberTooLong, 1))),
        ("\"12345678901234567890123456789012345678\"", Ok(())),
        ("\"123456789012345678901234567890123456789\"", Err((ErrorKind::TooLarge, 40))),
        ("\"12345678901234567890123456789012345678中\"", Err((ErrorKind::TooLarge, 40))),
        ("1                                        ", Err((ErrorKind::TooLarge, 40))),
    ];
    for (text, expected) in cases {
        for size in [1, 7, text.len()] {
            let run = run_bytes(limits.clone(), text.as_bytes().chunks(size));
            let result = run.result.map_err(|error| (error.kind, error.offset));
            assert_eq!(result, expected, "{text} by {size}");
        }
    }
}

#[test]
fn depth_costs_no_stack() {
    let deep = Options { max_depth: usize::MAX, ..Options::default() };
    let text = "[".repeat(200_000) + &"]".repeat(200_000);
    let mut parser = partial_json::Parser::new(deep);
    let mut completed = 0;
    let count = &mut |event: partial_json::Event<'_>| {
        completed += usize::from(matches!(event, partial_json::Event::Completed { .. }));
    };
    for piece in [&text[..200_000], &text[200_000..]] {
        parser.feed(piece, count).expect("deep, but allowed");
    }
    assert_eq!(completed, 200_000);
    assert!(parser.is_complete());
}
