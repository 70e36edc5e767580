use futures::future::{BoxFuture, FutureExt, ready};
use futures::stream::BoxStream;

use crate::{Error, ListedModel, Place, Request};

/// An answer as it arrives. Dropping it closes the connection to the provider.
pub type Answer = BoxStream<'static, Result<Delta, Error>>;

/// The models that a provider has.
pub type Listing = BoxFuture<'static, Result<Vec<ListedModel>, Error>>;

/// A language model, or something that behaves like one.
pub trait Provider: Send + Sync {
    /// Its name as users know it, as `openai`.
    fn name(&self) -> &str;

    /// The model that answers when a request names none.
    fn model(&self) -> &str;

    /// Whether others answer, too, when a request names them.
    fn takes_other_models(&self) -> bool {
        true
    }

    /// Whether it only quotes what it reads: a sentence of its answer that stands in the input was
    /// taken from there.
    fn quotes(&self) -> bool {
        false
    }

    /// Where texts are sent, as `127.0.0.1:8080`; none when they stay in this process.
    fn host(&self) -> Option<&str> {
        self.place().map(|place| place.host.as_str())
    }

    /// Where it is; none for what needs no connection.
    fn place(&self) -> Option<&Place> {
        None
    }

    /// How many tokens its model reads and writes together, where its user has said so.
    fn context_tokens(&self) -> Option<u32> {
        None
    }

    /// Asks which models it has, in a few seconds at most.
    fn models(&self) -> Listing {
        let own = ListedModel::named(self.model());
        ready(Ok(vec![own])).boxed()
    }

    /// Whether a model that it does not list may be there all the same.
    fn may_have_unlisted(&self) -> bool {
        false
    }

    /// Whether it reads a text of any length in one piece.
    fn reads_any_length(&self) -> bool {
        false
    }

    /// How much a model reads, as far as its server can be asked. It is asked seldom: the answer is
    /// remembered for some minutes.
    fn capacity<'a>(&'a self, _model: &'a str) -> BoxFuture<'a, Capacity> {
        ready(Capacity::default()).boxed()
    }

    /// How many tokens a model makes of a text, where its server counts them.
    fn count_tokens<'a>(&'a self, _model: &'a str, _text: &'a str) -> BoxFuture<'a, Option<u64>> {
        ready(None).boxed()
    }

    /// Whether the model goes on right behind [`Request::written`], rather than being told of it.
    fn writes_on(&self, _model: &str) -> bool {
        false
    }

    /// Begins to answer. Nothing is sent before the stream is polled.
    fn answer(&self, request: Request) -> Answer;
}

/// How much a model reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Tokens that it reads and writes together, at most.
    pub context_tokens: Option<u64>,
    /// Requests that its server answers side by side.
    pub at_once: Option<usize>,
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// Text of the answer itself. Never empty.
    Text(String),
    /// What the model thinks before it answers. Never empty.
    Reasoning(String),
    /// What was counted.
    Usage(Tokens),
    /// How many characters of the input were read, where that is known.
    Read(u64),
    /// How many of the prompt's tokens were read so far, where the server says so.
    Prompt {
        /// Tokens read.
        done: u64,
        /// Tokens of the prompt.
        total: u64,
    },
    /// Why the model stopped. Text may not follow, usage may.
    Finish(Finish),
}

/// Why a model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It was done.
    Stop,
    /// It reached the limit of what it may write.
    Length,
    /// Its provider withheld the rest.
    Filtered,
    /// Another reason, in the provider's word.
    Other(String),
}

impl Finish {
    /// The reason as a word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Filtered => "content_filter",
            Self::Other(reason) => reason,
        }
    }
}

/// Tokens read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens read.
    pub input: u64,
    /// Tokens written.
    pub output: u64,
    /// Of those read, the ones that the provider still had from before, where it says so.
    pub cached: Option<u64>,
    /// Of those written, the ones that were thoughts, where the provider says so.
    pub reasoning: Option<u64>,
}
