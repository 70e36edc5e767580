//! Parsing into owned events, and folding those into a value.
use partial_json::{Atom, Error, ErrorKind, Event, Framing, Grammar, Kind, Options, Parser};
use serde_json::Value;

pub(crate) fn options(framing: Framing) -> Options {
    Options { framing, ..Options::default() }
}

/// What models write is read like this.
pub(crate) fn lenient() -> Options {
    Options { grammar: Grammar::Lenient, ..options(Framing::Tolerant) }
}

/// An [`Event`] that outlives its piece.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Seen {
    Started(String, Kind),
    Text(String, String),
    Value(String, Value),
    Number(String, String),
    Completed(String),
    Reasoning(String),
    Discarded,
}

impl Seen {
    fn of(event: Event<'_>) -> Self {
        match event {
            Event::Started { path, kind } => Self::Started(path.into(), kind),
            Event::Text { path, text } => Self::Text(path.into(), text.into()),
            Event::Value { path, value } => match value {
                Atom::Number(literal) => Self::Number(path.into(), literal.into()),
                Atom::Bool(value) => Self::Value(path.into(), value.into()),
                Atom::Null => Self::Value(path.into(), Value::Null),
            },
            Event::Completed { path } => Self::Completed(path.into()),
            Event::Reasoning { text } => Self::Reasoning(text.into()),
            Event::Discarded => Self::Discarded,
        }
    }
}

/// What a parser reported, neighbouring texts merged, and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) events: Vec<Seen>,
    pub(crate) result: Result<(), Error>,
}

impl Run {
    pub(crate) fn kind(&self) -> Option<ErrorKind> {
        self.result.err().map(|error| error.kind)
    }

    pub(crate) fn value(&self) -> Option<Value> {
        self.result.ok().map(|()| fold(&self.events))
    }

    pub(crate) fn reasoning(&self) -> String {
        let thoughts = self.events.iter().map(|event| match event {
            Seen::Reasoning(text) => text.as_str(),
            _ => "",
        });
        thoughts.collect()
    }

    fn push(&mut self, event: Event<'_>) {
        match (self.events.last_mut(), event) {
            (_, Event::Text { text: "", .. } | Event::Reasoning { text: "" }) => {
                panic!("empty text")
            }
            (Some(Seen::Text(at, before)), Event::Text { path, text }) if *at == path => {
                before.push_str(text);
            }
            (Some(Seen::Reasoning(before)), Event::Reasoning { text }) => before.push_str(text),
            (_, event) => self.events.push(Seen::of(event)),
        }
    }
}

/// Feeds pieces of text.
pub(crate) fn run<'a>(options: Options, pieces: impl IntoIterator<Item = &'a str>) -> Run {
    let pieces = pieces.into_iter();
    drive(options, pieces, |parser, piece, sink| parser.feed(piece, sink))
}

/// Feeds pieces of bytes.
pub(crate) fn run_bytes<'a>(options: Options, pieces: impl IntoIterator<Item = &'a [u8]>) -> Run {
    let pieces = pieces.into_iter();
    drive(options, pieces, |parser, piece, sink| parser.feed_bytes(piece, sink))
}

type Sink<'a> = Box<dyn FnMut(Event<'_>) + 'a>;

fn drive<P>(
    options: Options,
    pieces: impl Iterator<Item = P>,
    mut feed: impl FnMut(&mut Parser, P, &mut Sink<'_>) -> Result<(), Error>,
) -> Run {
    let mut parser = Parser::new(options);
    let mut run = Run { events: Vec::new(), result: Ok(()) };
    for piece in pieces {
        let result = feed(
            &mut parser,
            piece,
            &mut (Box::new(|event: Event<'_>| run.push(event)) as Sink<'_>),
        );
        assert!(run.result.is_ok() || run.result == result, "an error stays");
        run.result = result;
    }
    let result = parser.finish(&mut |event| run.push(event));
    assert!(run.result.is_ok() || run.result == result, "an error stays");
    run.result = result;
    assert!(run.result.is_err() || parser.is_complete());
    run
}

/// Cuts at the places given, modulo the length.
pub(crate) fn cut<'a>(bytes: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| place % (bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect()
}

/// Cuts as [`cut`], never within a character.
pub(crate) fn cut_text<'a>(text: &'a str, places: &[usize]) -> Vec<&'a str> {
    let mut places: Vec<usize> =
        places.iter().map(|place| text.floor_char_boundary(place % (text.len() + 1))).collect();
    places.extend([0, text.len()]);
    places.sort_unstable();
    places.windows(2).map(|ends| &text[ends[0]..ends[1]]).collect()
}

pub(crate) fn fold(events: &[Seen]) -> Value {
    let mut root = Value::Null;
    for event in events {
        match event {
            Seen::Started(path, Kind::Object) => put(&mut root, path, serde_json::json!({})),
            Seen::Started(path, Kind::Array) => put(&mut root, path, serde_json::json!([])),
            Seen::Started(path, Kind::Text) => put(&mut root, path, "".into()),
            Seen::Text(path, more) => match root.pointer_mut(path) {
                Some(Value::String(text)) => text.push_str(more),
                other => panic!("text for {other:?} at {path}"),
            },
            Seen::Value(path, value) => put(&mut root, path, value.clone()),
            Seen::Number(path, literal) => {
                put(&mut root, path, serde_json::from_str(literal).expect("a number"));
            }
            Seen::Completed(path) => assert!(root.pointer(path).is_some(), "{path} never began"),
            Seen::Reasoning(_) => {}
            Seen::Discarded => root = Value::Null,
        }
    }
    root
}

fn put(root: &mut Value, path: &str, value: Value) {
    let Some((parent, token)) = path.rsplit_once('/') else {
        *root = value;
        return;
    };
    match root.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(token.replace("~1", "/").replace("~0", "~"), value);
        }
        Some(Value::Array(items)) => {
            assert_eq!(token, items.len().to_string(), "items come in order");
            items.push(value);
        }
        other => panic!("{path} put into {other:?}"),
    }
}
