//! What is out there: a table of what providers were seen to send, and what is to become of it.
//!
//! Each case goes the whole way, from bytes on a connection to a document or a failure, once in one
//! piece and once cut anywhere. To add one, add a row to [`table`].

mod server;
mod table;

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use llm::{OpenAi, SecretString, Settings, Timeouts};
use protocol::{Event, FailureCode, Status};
use serde_json::Value;

use crate::bench::{Bench, Ended};

/// What a provider sends, and what is to become of it.
pub(crate) struct Case {
    /// What is odd about it.
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) encoding: Encoding,
    /// One body a connection; the last one again and again.
    pub(crate) bodies: Vec<String>,
    pub(crate) expected: Expected,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    Gzip,
    /// Without a header that says so.
    GzipUntold,
}

pub(crate) enum Expected {
    /// A title and a summary.
    Document(&'static str, &'static str),
    /// A title and a summary, and thoughts.
    Thought(&'static str, &'static str, &'static str),
    /// Tokens read and written.
    Counted(u64, u64),
    /// A failure whose message says this.
    Failure(FailureCode, &'static str),
}

impl Case {
    fn bytes(&self) -> Vec<Vec<u8>> {
        let status = self.status;
        let bodies = self.bodies.iter().enumerate();
        bodies
            .map(|(at, body)| {
                let (body, header) = match self.encoding {
                    Encoding::Plain => (body.clone().into_bytes(), ""),
                    Encoding::Gzip => (gzip(body), "content-encoding: gzip\r\n"),
                    Encoding::GzipUntold => (gzip(body), ""),
                };
                // What is asked for in plainer words is answered well.
                let status = if at == 0 { status } else { 200 };
                let content_type = self.content_type;
                let head = format!(
                    "HTTP/1.1 {status} Case\r\ncontent-type: {content_type}\r\n{header}\
                     connection: close\r\n\r\n"
                );
                [head.into_bytes(), body].concat()
            })
            .collect()
    }

    /// What became of it instead of what is expected.
    fn differs(&self, ended: &Ended) -> Option<String> {
        let text = |field| ended.snapshot.text(field);
        let is_document = |title, summary| {
            ended.snapshot.status == Status::Completed
                && (text("title"), text("summary")) == (title, summary)
        };
        let is_expected = match (&self.expected, ended.last()) {
            (Expected::Failure(code, says), Event::Failed(failure)) => {
                failure.code == *code
                    && failure.message.contains(says)
                    && !failure.message.contains("sk-")
            }
            (Expected::Failure(..), _) => false,
            (Expected::Counted(input, output), _) => ended.snapshot.usage.is_some_and(|usage| {
                (usage.input_tokens, usage.output_tokens) == (*input, *output)
            }),
            (Expected::Document(title, summary), _) => is_document(title, summary),
            (Expected::Thought(title, summary, thought), _) => {
                is_document(title, summary) && ended.reasoning() == *thought
            }
        };
        let is = || format!("{}: {:?} {:?}", self.name, ended.last(), ended.snapshot.document);
        (!is_expected).then(is)
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

async fn run(case: &Case, sizes: &[usize]) -> Option<String> {
    let base_url = server::serve(case.bytes(), sizes.to_vec()).await;
    let provider = OpenAi::new(Settings {
        name: "case".to_owned(),
        base_url,
        api_key: Some(SecretString::from("case-key")),
        model: "case".to_owned(),
        timeouts: Timeouts::of_silence(Duration::from_secs(10)),
        form: llm::Form::Schema,
        origin: llm::Origin::default(),
    });
    case.differs(&Bench::with(provider.unwrap()).await.run().await)
}

#[tokio::test]
async fn what_is_out_there_is_read() {
    let cases = table::cases();
    let mut differing = Vec::new();
    for case in &cases {
        differing.extend(run(case, &[usize::MAX]).await);
        differing.extend(run(case, &[1, 7, 89, 2, 331, 64, 3]).await);
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    let names: std::collections::HashSet<_> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    println!("{} cases", cases.len());
}

/// A chunk whose delta is this JSON.
pub(crate) fn delta(delta: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{delta}}}]}}\n\n")
}

/// A chunk that writes this text.
pub(crate) fn text(text: &str) -> String {
    delta(&format!("{{\"content\":{}}}", Value::from(text)))
}

/// A chunk that thinks this.
pub(crate) fn thought(text: &str) -> String {
    delta(&format!("{{\"reasoning_content\":{}}}", Value::from(text)))
}

pub(crate) const STOP: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// The whole answer that writes this text in small pieces.
pub(crate) fn written(answer: &str) -> String {
    let characters: Vec<char> = answer.chars().collect();
    let pieces = characters.chunks(5).map(|piece| text(&piece.iter().collect::<String>()));
    pieces.collect::<String>() + STOP
}
