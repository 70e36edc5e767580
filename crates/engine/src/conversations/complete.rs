use std::time::Duration;

use futures::StreamExt;
use llm::{Delta, Finish, Message, Request, Role};
use protocol::Failure;
use tokio::time::timeout;

use crate::{Engine, StartError, failure, queue::QueueSlot};

/// How long an answer may take in all, and how long it may become, in bytes.
const DEADLINE: Duration = Duration::from_secs(5 * 60);
const MOST_BYTES: usize = 1024 * 1024;

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
pub enum CompleteError {
    /// It was not begun.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It failed.
    #[error("the answer failed")]
    Failed(Failure),
}

impl Engine {
    /// Answers one message by itself, and keeps nothing. It takes its turn as a generation does;
    /// dropping it closes the connection to the provider.
    ///
    /// # Errors
    /// [`CompleteError`] says why there is no answer.
    pub async fn complete(&self, message: String) -> Result<String, CompleteError> {
        if self.shared.draining.is_cancelled() {
            return Err(StartError::ShuttingDown.into());
        }
        let mut slot = self.shared.queue.enter().ok_or(StartError::Overloaded)?;
        let answered = async {
            wait_for_turn(&mut slot).await;
            self.whole_answer(message).await
        };
        tokio::select! {
            answered = timeout(DEADLINE, answered) => {
                answered.unwrap_or_else(|_| Err(failure::too_slow())).map_err(CompleteError::Failed)
            }
            () = self.shared.interrupt.cancelled() => {
                Err(CompleteError::Failed(failure::interrupted()))
            }
        }
    }

    async fn whole_answer(&self, message: String) -> Result<String, Failure> {
        let messages = vec![Message { role: Role::User, content: message }];
        let provider = self.shared.providers.default();
        let mut answer = provider.answer(Request::text(messages, None));
        let mut text = String::new();
        while let Some(delta) = answer.next().await {
            match delta {
                Ok(Delta::Text(piece)) => text.push_str(&piece),
                Ok(Delta::Finish(Finish::Filtered)) => return Err(failure::filtered()),
                Ok(Delta::Finish(Finish::Length)) => return Err(failure::truncated()),
                Ok(Delta::Finish(_)) => break,
                Ok(
                    Delta::Reasoning(_) | Delta::Usage(_) | Delta::Read(_) | Delta::Prompt { .. },
                ) => {}
                Err(error) => {
                    tracing::warn!(%error, "provider failed");
                    return Err(failure::of_provider(&error, provider.place()));
                }
            }
            if text.len() > MOST_BYTES {
                return Err(failure::truncated());
            }
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(failure::invalid("its answer is empty", String::new()));
        }
        Ok(text.to_owned())
    }
}

async fn wait_for_turn(slot: &mut QueueSlot) {
    while slot.ahead() > 0 {
        slot.changed().await;
    }
}
