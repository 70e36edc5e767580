//! Any input, cut anywhere, gives what one piece gives; what is read is what serde_json reads.
//!
//! `cargo +nightly fuzz run splits -- -max_total_time=180`
#![no_main]

use libfuzzer_sys::fuzz_target;
use partial_json::{Atom, Error, Event, Grammar, Kind, Options, Parser, Framing};
use serde_json::{Value, json};

/// What was reported: a line an event, neighbouring texts merged.
#[derive(Default, PartialEq, Debug)]
struct Log {
    lines: Vec<(String, String)>,
    value: Value,
}

impl Log {
    fn text(&mut self, path: String, text: &str) {
        assert!(!text.is_empty(), "no empty text");
        match self.lines.last_mut() {
            Some((at, before)) if *at == path => before.push_str(text),
            _ => self.lines.push((path, text.to_owned())),
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text { path, text } => {
                if let Some(Value::String(before)) = self.value.pointer_mut(path) {
                    before.push_str(text);
                }
                return self.text(format!("text {path}"), text);
            }
            Event::Reasoning { text } => return self.text("reasoning".to_owned(), text),
            Event::Started { path, kind: Kind::Object } => self.put(path, json!({})),
            Event::Started { path, kind: Kind::Array } => self.put(path, json!([])),
            Event::Started { path, kind: Kind::Text } => self.put(path, json!("")),
            Event::Value { path, value: Atom::Null } => self.put(path, Value::Null),
            Event::Value { path, value: Atom::Bool(value) } => self.put(path, json!(value)),
            // Beyond an f64 there is no value to compare; the literal is.
            Event::Value { path, value: Atom::Number(literal) } => {
                self.put(path, serde_json::from_str(literal).unwrap_or(Value::Null));
            }
            Event::Discarded => self.value = Value::Null,
            Event::Completed { .. } => {}
        }
        self.lines.push((format!("{event:?}"), String::new()));
    }

    fn put(&mut self, path: &str, value: Value) {
        let Some((parent, token)) = path.rsplit_once('/') else {
            self.value = value;
            return;
        };
        match self.value.pointer_mut(parent) {
            Some(Value::Object(members)) => {
                members.insert(token.replace("~1", "/").replace("~0", "~"), value);
            }
            Some(Value::Array(items)) => items.push(value),
            other => panic!("{path} put into {other:?}"),
        }
    }
}

fn run<'a>(
    options: &Options,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Log, Result<(), Error>) {
    let mut parser = Parser::new(options.clone());
    let mut log = Log::default();
    for piece in pieces {
        if let Err(error) = parser.feed_bytes(piece, &mut |event| log.take(event)) {
            assert_eq!(parser.finish(&mut |_| {}), Err(error), "an error stays");
            return (log, Err(error));
        }
    }
    let result = parser.finish(&mut |event| log.take(event));
    (log, result)
}

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (sizes, bytes) = input;
    let strict = Options::default();
    let tolerant = Options { framing: Framing::Tolerant, ..Options::default() };
    let lenient = Options { grammar: Grammar::Lenient, ..tolerant.clone() };
    for options in [&strict, &tolerant, &lenient] {
        let whole = run(options, [bytes.as_slice()]);
        assert_eq!(run(options, bytes.chunks(1)), whole);
        let mut rest = bytes.as_slice();
        let mut cuts = sizes.iter().map(|size| usize::from(*size)).chain([usize::MAX]);
        let pieces = std::iter::from_fn(|| {
            let (piece, behind) = rest.split_at(cuts.next()?.min(rest.len()));
            rest = behind;
            Some(piece)
        });
        assert_eq!(run(options, pieces), whole);
    }
    let (log, result) = run(&strict, [bytes.as_slice()]);
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) => match result {
            Ok(()) => assert_eq!(log.value, value),
            // Its depth is limited too, elsewhere.
            Err(error) => assert!(matches!(
                error.kind,
                partial_json::ErrorKind::TooDeep
                    | partial_json::ErrorKind::NumberTooLong
                    | partial_json::ErrorKind::KeyTooLong
            )),
        },
        Err(error) => {
            assert!(result.is_err() || error.to_string().contains("number out of range"));
        }
    }
});
