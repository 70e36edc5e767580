use llm::Request;
use protocol::{Coverage, Span};
use store::Store;

use crate::{
    conversations::{ReplyAssignment, TrainingAssignment},
    document_reader::DocumentAssignment,
};

/// What a generation is to do.
pub(crate) enum Assignment {
    /// Fill a document.
    Document(DocumentAssignment),
    /// Write plain text.
    Text(TextAssignment),
}

/// What a plain text is to say.
pub(crate) enum TextAssignment {
    /// Answer messages that no conversation is behind.
    Completion(Request),
    /// Answer a message.
    Reply(ReplyAssignment),
    /// Write a persona's next profile.
    Training(TrainingAssignment),
}

/// What a provider is asked, and how much of what there is that says.
pub(crate) struct Prepared {
    pub(crate) request: Request,
    pub(crate) coverage: Coverage,
    /// The passages of the source that are given, unless all of it is.
    pub(crate) passages: Vec<Span>,
}

impl TextAssignment {
    /// Reads what the provider is to be given.
    pub(crate) async fn prepare(
        self,
        store: &dyn Store,
        owner: &str,
    ) -> Result<Prepared, store::Error> {
        match self {
            Self::Completion(request) => {
                let texts = request.messages.iter().map(|message| message.content.chars().count());
                let chars = texts.sum::<usize>() as u64;
                let coverage =
                    Coverage { read_chars: chars, total_chars: chars, ..Coverage::default() };
                Ok(Prepared { request, coverage, passages: Vec::new() })
            }
            Self::Reply(reply) => reply.prepare(store, owner).await,
            Self::Training(training) => Ok(training.prepare()),
        }
    }
}
