//! A provider without network, key or model file: it answers with the input's own sentences.
//!
//! Like a model it is given a schema and writes JSON text piece by piece; unlike one it cannot
//! invent, and instructions in the input are nothing but sentences to it. Where plain text is asked
//! for, it quotes from the request's source ([`answer`]), or says how to connect a model. A text member named
//! `title`, or a short one, gets a headline; every other text member gets an extract as long as
//! the [`Budget`](crate::Budget) says, and a list the sentences of one, or what [`notes`] finds of
//! people, decisions and tasks. What no sentence is, as a number, is refused.
//!
//! Reading goes [`paste`] (over [`subtitle`], [`html`] and [`mail`]) → [`sample`] → [`block`] (over
//! [`code`] and [`markup`]) → [`sentence`] → [`term`] → [`reading`];
//! writing goes [`fill`] → [`extract`], [`notes`] (over [`action`]) and [`headline`] (over [`title`], [`clause`] and [`cut`]) → [`pieces`], by the [`form`] that
//! the schema asks for. The same request always gets the same answer.
//!
//! Sentences, words and characters are found with `unicode-segmentation`, the language with
//! `whatlang`, its function words with `stop-words`. Chinese, Japanese and Thai are ranked by
//! pairs of neighbouring characters rather than by words: a dictionary (`jieba-rs`, or the data
//! of `icu_segmenter`) would add megabytes to the binary, and pairs tell sentences apart as well,
//! for two sentences that share a word share its pairs. Texts are cut at punctuation, where no
//! dictionary is needed.

mod action;
mod answer;
mod block;
mod clause;
mod code;
mod cut;
mod extract;
mod fill;
mod form;
mod headline;
mod html;
mod lexicon;
mod mail;
mod markup;
mod notes;
mod paste;
mod pieces;
mod reading;
mod sample;
mod script;
mod sentence;
mod subtitle;
mod term;
mod title;

use std::time::Duration;

use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use serde_json::Value;

use self::reading::Reading;
pub(crate) use self::sentence::sentences;
pub(crate) use self::term::Vocabulary;
use crate::{Answer, Budget, Delta, Error, ErrorKind, Finish, Provider, Request, Role};

/// The time from one piece to the next.
const PACE: Duration = Duration::from_millis(12);
/// The longest that an answer takes to be written.
const LONGEST: Duration = Duration::from_secs(4);

/// The extractive provider.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    pace: Duration,
}

impl Builtin {
    /// Writes as fast as one reads along: a piece of a few words every 12 ms, faster when the
    /// answer would take more than 4 s.
    #[must_use]
    pub fn new() -> Self {
        Self { pace: PACE }
    }

    /// Writes as fast as it can.
    #[must_use]
    pub fn unpaced() -> Self {
        Self { pace: Duration::ZERO }
    }
}

impl Default for Builtin {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Builtin {
    fn name(&self) -> &str {
        "builtin"
    }

    fn model(&self) -> &str {
        "extractive"
    }

    fn takes_other_models(&self) -> bool {
        false
    }

    fn quotes(&self) -> bool {
        true
    }

    fn reads_any_length(&self) -> bool {
        true
    }

    fn answer(&self, request: Request) -> Answer {
        let pace = self.pace;
        let written = async move {
            // Ranking takes the processor for longer than other tasks should wait.
            let written = tokio::task::spawn_blocking(move || write(&request)).await;
            written.map_err(|error| Error::new(ErrorKind::Broken, error.to_string())).flatten()
        };
        stream::once(written).map_ok(move |written| spread(written, pace)).try_flatten().boxed()
    }
}

/// An answer that is to be spread over time.
struct Written {
    /// How many characters of the input were read for it.
    read_chars: u64,
    pieces: Vec<String>,
}

/// The pieces one after the other, then how much was read, and the finish.
fn spread(written: Written, pace: Duration) -> impl Stream<Item = Result<Delta, Error>> {
    let Written { read_chars, pieces } = written;
    let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX).max(1);
    let pause = pace.min(LONGEST / count);
    let texts = stream::iter(pieces).then(move |piece| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Delta::Text(piece)
    });
    texts.chain(stream::iter([Delta::Read(read_chars), Delta::Finish(Finish::Stop)])).map(Ok)
}

/// The sentences of a text that tell the most of it, word for word.
pub(crate) fn best_sentences(text: &str, most_chars: usize) -> String {
    let reading = Reading::of(text);
    let chosen = extract::choose(&reading, Budget::Medium);
    extract::compose(&reading, &chosen, Budget::Medium, most_chars)
}

/// The answer to a request.
fn write(request: &Request) -> Result<Written, Error> {
    match &request.schema {
        Some(schema) => write_object(request, schema),
        None => Ok(write_text(request)),
    }
}

fn write_text(request: &Request) -> Written {
    let question = request.last(Role::User);
    let (read_chars, text) = match &request.source {
        Some(source) => {
            let reading = Reading::of(source);
            let text = answer::from_source(&reading, question, request.budget);
            (reading.chars as u64, text)
        }
        None => (0, answer::without_source(question)),
    };
    Written { read_chars, pieces: pieces::of_text(&text) }
}

fn write_object(request: &Request, schema: &Value) -> Result<Written, Error> {
    let text = request.last(Role::User);
    let reading = Reading::of(text);
    let members = fill::members(&reading, text, request.budget, schema)?;
    Ok(Written { read_chars: reading.chars as u64, pieces: pieces::of_object(&members) })
}
