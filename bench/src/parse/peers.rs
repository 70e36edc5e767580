//! The readers, each as its own documentation would have it used.

use std::hint::black_box;

use actson::feeder::PushJsonFeeder;
use actson::{JsonEvent, JsonParser};
use jiter::{JsonValue, PartialMode};
use json_stream_parser::JsonStreamParser;
use memchr::memchr2;
use partial_json::{Event, Framing, Options, Parser};
use protocol::FieldDelta;

use super::sample::{Answer, Sample, read};

/// How its cost grows with the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Growth {
    Linear,
    Quadratic,
}

/// One way to read a sample.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) growth: Growth,
    /// Gives what it read, if that is what it does.
    pub(crate) run: fn(&Sample) -> Option<Answer>,
}

/// All of them; the limit is the first.
pub(crate) const PEERS: [Peer; 9] = [
    linear("limit: memchr2 and copy, a token a piece", limit),
    linear("partial-json, a token a piece", |sample| ours(sample, &sample.tokens, Framing::Strict)),
    linear("partial-json, 1,000 tokens a piece", |sample| {
        ours(sample, &sample.thousands, Framing::Strict)
    }),
    linear("partial-json, a token a piece, tolerant", |sample| {
        ours(sample, &sample.tokens, Framing::Tolerant)
    }),
    linear("partial-json and event-stream frames, a token a piece", ours_framed),
    linear("serde_json, whole, no increments", |sample| read(&sample.text)),
    linear("actson, no increments within a string", actson),
    linear("json-stream-parser, by character", json_stream_parser),
    Peer {
        name: "jiter, partial mode, all anew for a token",
        growth: Growth::Quadratic,
        run: jiter,
    },
];

const fn linear(name: &'static str, run: fn(&Sample) -> Option<Answer>) -> Peer {
    Peer { name, growth: Growth::Linear, run }
}

/// What nothing that looks at every byte and hands it on can beat.
fn limit(sample: &Sample) -> Option<Answer> {
    let mut copy = String::with_capacity(sample.text.len());
    for token in &sample.tokens {
        let mut rest = token.as_bytes();
        while let Some(at) = memchr2(b'"', b'\\', rest) {
            rest = &rest[at + 1..];
        }
        copy.push_str(token);
        black_box(copy.as_bytes().last());
    }
    None
}

fn ours(sample: &Sample, pieces: &[String], framing: Framing) -> Option<Answer> {
    let mut parser = Parser::new(Options { framing, ..Options::default() });
    let (mut title, mut summary) = (String::new(), String::with_capacity(sample.text.len()));
    let sink = &mut |event: Event<'_>| match event {
        Event::Text { path: "/title", text } => title.push_str(text),
        Event::Text { path: "/summary", text } => summary.push_str(text),
        _ => {}
    };
    for piece in pieces {
        parser.feed(piece, sink).ok()?;
    }
    parser.finish(sink).ok()?;
    Some((title, summary))
}

fn ours_framed(sample: &Sample) -> Option<Answer> {
    let mut parser = Parser::new(Options::default());
    let (mut id, mut frame) = (0, Vec::with_capacity(256));
    let sink = &mut |event: Event<'_>| {
        if let Event::Text { path, text } = event {
            id += 1;
            frame.clear();
            let delta = FieldDelta { path: path.to_owned(), text: text.to_owned() };
            protocol::encode(id, &protocol::Event::FieldDelta(delta), &mut frame);
            black_box(&frame);
        }
    };
    for token in &sample.tokens {
        parser.feed(token, sink).ok()?;
    }
    parser.finish(sink).ok()?;
    None
}

fn actson(sample: &Sample) -> Option<Answer> {
    let mut parser = JsonParser::new(PushJsonFeeder::new());
    let mut strings = Vec::new();
    for token in &sample.tokens {
        let mut rest = token.as_bytes();
        while !rest.is_empty() {
            rest = &rest[parser.feeder.push_bytes(rest)..];
            loop {
                match parser.next_event().ok()? {
                    Some(JsonEvent::NeedMoreInput) | None => break,
                    Some(JsonEvent::ValueString) => {
                        strings.push(parser.current_str().ok()?.to_owned());
                    }
                    Some(_) => {}
                }
            }
        }
    }
    let summary = strings.pop()?;
    Some((strings.pop()?, summary))
}

fn json_stream_parser(sample: &Sample) -> Option<Answer> {
    let mut parser = JsonStreamParser::new();
    for token in &sample.tokens {
        for char in token.chars() {
            parser.add_char(char).ok()?;
        }
        black_box(parser.get_result());
    }
    let value = parser.get_result();
    Some((value["title"].as_str()?.to_owned(), value["summary"].as_str()?.to_owned()))
}

fn jiter(sample: &Sample) -> Option<Answer> {
    let mut text = String::with_capacity(sample.text.len());
    for token in &sample.tokens {
        text.push_str(token);
        let mode = PartialMode::TrailingStrings;
        black_box(JsonValue::parse_with_config(text.as_bytes(), false, mode).ok()?);
    }
    let JsonValue::Object(members) = JsonValue::parse(text.as_bytes(), false).ok()? else {
        return None;
    };
    let text = |name: &str| match members.iter().find(|(key, _)| key == name) {
        Some((_, JsonValue::Str(text))) => Some(text.to_string()),
        _ => None,
    };
    Some((text("title")?, text("summary")?))
}
