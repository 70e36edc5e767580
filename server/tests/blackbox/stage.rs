//! What most tests set up and look at.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use protocol::{Document, Event};
use serde_json::Value;
use test_support::{Answer, Client, Exchange, Launch, Unspool, Upstream, sse::Message, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The key that the provider is asked with, and that nobody else may see.
pub(crate) const KEY: &str = "sk-nobody-may-see-this";

pub(crate) const TEXT: &str = "The harbour of Aldermouth froze in January. Fishing boats could not \
    leave for three weeks, and the town sold fish from its cold stores. Engineers broke the ice \
    with a borrowed tug. By March the harbour was open again, and the fishing boats went out.";

pub(crate) const CHINESE: &str = "科技发展改变了城市的生活。地铁每天运送三百万人，自动驾驶的公交车在郊区\
    试运行。专家认为，科技发展也带来了新的问题。城市需要为老年人保留人工服务。";

pub(crate) fn launch() -> Launch {
    Launch::new(env!("CARGO_BIN_EXE_unspool"))
}

/// The program with its builtin provider.
pub(crate) async fn builtin() -> Unspool {
    launch().start().await
}

/// The program with a provider that the test plays. What breaks off is not continued, so that a
/// test sees the break itself.
pub(crate) async fn played() -> (Unspool, Upstream) {
    let upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).flag("resume", "off").start().await;
    (server, upstream)
}

/// What is answered to these bytes until the server ends the connection. Several answers would be
/// one, with the others in its body.
pub(crate) async fn ask_raw(server: &Unspool, request: &str) -> Answer {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    within("the end of the answer", stream.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let (status, fields) = head.split_once("\r\n").unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in fields.lines().map(|field| field.split_once(": ").unwrap()) {
        headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let status = status.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, headers, body: body.to_owned().into() }
}

/// A generation that has begun: its id, and the request that has reached the provider.
pub(crate) async fn begin(client: Client, upstream: &mut Upstream) -> (String, Exchange) {
    let id = client.start(TEXT).await;
    (id, upstream.next().await)
}

/// A generation that ran to its end with the builtin provider: its id and its whole log.
pub(crate) async fn run(client: Client) -> (String, Vec<Message>) {
    let id = client.start(TEXT).await;
    let messages = client.follow(&id, 0).await.rest().await;
    (id, messages)
}

pub(crate) fn event(message: &Message) -> Event {
    Event::decode(&message.event, &message.data).unwrap()
}

/// Folds a log from its beginning, and checks it at its checkpoints.
pub(crate) fn fold(messages: &[Message]) -> Document {
    let mut document = Document::default();
    for event in messages.iter().map(event) {
        document.apply(&event).unwrap();
        if let Event::Checkpoint(checkpoint) = event {
            assert_eq!(document.checkpoint(), checkpoint);
        }
    }
    document
}

/// The data of the last message, which is to be of this kind.
pub(crate) fn last(messages: &[Message], kind: &str) -> Value {
    let last = messages.last().unwrap();
    assert_eq!(last.event, kind, "{last:?}");
    last.json()
}

/// A problem body, which is to be of this status and code.
pub(crate) fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status, StatusCode::from_u16(status).unwrap(), "{}", answer.text());
    assert!(answer.header("content-type").starts_with("application/problem+json"), "{answer:?}");
    let body = answer.json();
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert!(body["title"].is_string() && body["detail"].is_string(), "{body}");
    body
}

/// Whether `found` is the log `whole` after the event `after`: every event once and in order,
/// where neighbouring deltas of one field may have come as one that bears the last one's id.
pub(crate) fn assert_rest(whole: &[Message], after: u64, found: &[Message]) {
    let mut cursor = after;
    for message in found {
        let last = message.number();
        assert!(last > cursor, "{} comes after {cursor}", message.id);
        let covered = &whole[cursor as usize..last as usize];
        if covered.len() == 1 {
            assert_eq!((&message.event, &message.data), (&covered[0].event, &covered[0].data));
        } else {
            assert_merged(covered, message);
        }
        cursor = last;
    }
    assert_eq!(cursor, whole.len() as u64, "the rest after {after} is not whole");
}

fn assert_merged(covered: &[Message], message: &Message) {
    let mut text = String::new();
    for part in covered {
        let part = part.json();
        assert_eq!(part["path"], message.json()["path"]);
        text.push_str(part["text"].as_str().unwrap());
    }
    assert_eq!(message.event, "field_delta");
    assert_eq!(message.json()["text"], text.as_str());
}

/// The text that has come for a field.
pub(crate) fn is_text_of(message: &Message, path: &str) -> bool {
    message.event == "field_delta" && message.json()["path"] == path
}
