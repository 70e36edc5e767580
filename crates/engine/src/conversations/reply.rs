use protocol::Coverage;
use store::Store;

use super::context::{self, Material};
use crate::assignment::Prepared;

/// How many bytes of earlier messages are read for each token that the model reads: more than any
/// estimate lets into it.
const BYTES_A_TOKEN: usize = 4;

/// A message to be answered.
pub(crate) struct ReplyAssignment {
    /// The reply's message.
    pub(crate) reply_id: String,
    /// Another model than the provider's own.
    pub(crate) model: Option<String>,
    /// How many tokens the model reads, what it writes included.
    pub(crate) context_tokens: usize,
}

impl ReplyAssignment {
    /// Reads the branch, the source and the persona, and chooses what of them goes along.
    pub(crate) async fn prepare(
        self,
        store: &dyn Store,
        owner: &str,
    ) -> Result<Prepared, store::Error> {
        let most_bytes = self.context_tokens.saturating_mul(BYTES_A_TOKEN);
        let mut branch = store.branch(owner, &self.reply_id, most_bytes).await?;
        if branch.messages.is_empty() {
            return Err(store::Error::UnknownGeneration);
        }
        let reply = branch.messages.remove(0);
        let persona = match &reply.persona_id {
            Some(id) => store.persona(owner, id).await?,
            None => None,
        };
        let source = match &branch.generation_id {
            Some(id) => store.input(owner, id).await?,
            None => None,
        };
        let material = Material {
            messages: branch.messages,
            total: branch.total.saturating_sub(1),
            source,
            persona,
            model: self.model,
            context_tokens: self.context_tokens,
        };
        // A long source takes the processor for longer than other tasks should wait.
        let prepared = tokio::task::spawn_blocking(move || context::prepare(material)).await;
        prepared.map_err(|error| {
            tracing::error!(%error, "what a reply is to be given could not be chosen");
            store::Error::UnknownGeneration
        })
    }
}

impl Prepared {
    /// A request that no conversation is behind.
    pub(super) fn without_source(request: llm::Request) -> Self {
        Self { request, coverage: Coverage::default(), passages: Vec::new() }
    }
}
