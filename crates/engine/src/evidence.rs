use std::time::Duration;

use protocol::{Event, Evidence, EvidenceKind, Snapshot};
use reading::evidence::{Grounded, Source};
use serde_json::Value;
use tokio::time::timeout;

/// How long it may take to look up a document's sentences: what is done is done, and it is not to
/// wait for that.
const DEADLINE: Duration = Duration::from_secs(10);

/// Texts of a document that are looked up at most.
const MOST_TEXTS: usize = 200;

/// The longest text of a document that is looked up, in bytes: longer ones are no summaries.
const MOST_TEXT_BYTES: usize = 128 * 1024;

/// The longest source in which sentences are looked up, in bytes.
const MOST_SOURCE_BYTES: usize = 8 * 1024 * 1024;

/// The heading of a document: no sentence of the source is one.
const TITLE: &str = "/title";

/// A text of a document behind its path.
pub(crate) type Text = (String, String);

/// Where the sentences of a finished document's texts come from. None when that takes too long.
///
/// `is_quoted` says that its writer only quotes: then a sentence that stands in the source was taken
/// from there.
pub(crate) async fn of(texts: Vec<Text>, source: String, is_quoted: bool) -> Vec<Event> {
    if source.len() > MOST_SOURCE_BYTES {
        return Vec::new();
    }
    // A long source takes the processor for longer than other tasks should wait.
    let found = tokio::task::spawn_blocking(move || {
        let source = Source::of(&source);
        let evidence = |(path, text): Text| {
            let grounded = source.ground(&text).into_iter();
            grounded.map(move |grounded| told(&path, grounded, is_quoted)).collect::<Vec<_>>()
        };
        texts.into_iter().flat_map(evidence).map(Event::Evidence).collect()
    });
    match timeout(DEADLINE, found).await {
        Ok(Ok(events)) => events,
        Ok(Err(error)) => {
            tracing::error!(%error, "sentences could not be looked up");
            Vec::new()
        }
        Err(_) => {
            tracing::warn!("it took too long to look up sentences");
            Vec::new()
        }
    }
}

fn told(path: &str, grounded: Grounded, is_quoted: bool) -> Evidence {
    let is_cited = is_quoted && grounded.is_verbatim;
    Evidence {
        path: path.to_owned(),
        start: grounded.sentence.start,
        end: grounded.sentence.end,
        spans: grounded.places,
        kind: if is_cited { EvidenceKind::Cited } else { EvidenceKind::Lexical },
        found: grounded.is_found,
    }
}

fn is_looked_up(text: &str) -> bool {
    text.len() <= MOST_TEXT_BYTES && !protocol::is_blank(text)
}

/// The texts of a document whose sentences are looked up, in their order: all but its heading.
pub(crate) fn texts(snapshot: &Snapshot) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut waiting = vec![(String::new(), snapshot.document.root())];
    while let Some((path, value)) = waiting.pop() {
        match value {
            Value::String(text) if path != TITLE && is_looked_up(text) => {
                texts.push((path, text.clone()));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate().rev();
                waiting.extend(items.map(|(index, item)| (format!("{path}/{index}"), item)));
            }
            Value::Object(members) => {
                let members = members.iter().rev();
                waiting.extend(
                    members.map(|(name, member)| {
                        (format!("{path}/{}", protocol::escape(name)), member)
                    }),
                );
            }
            _ => {}
        }
    }
    texts.truncate(MOST_TEXTS);
    texts
}
