//! What is refused of conversations and personas.

use engine::{ChangeError, PersonaError, SendError, TrainError};
use http::StatusCode;
use protocol::ProblemCode;

use super::Refusal;

impl From<SendError> for Refusal {
    fn from(error: SendError) -> Self {
        match error {
            SendError::BlankContent => Self::invalid(
                "content",
                "The field `content` is blank: give the message to be answered.",
            ),
            SendError::ReplyRunning(reply_id) => {
                let detail = "A reply is being written in this conversation: wait for it, or stop \
                              it.";
                let mut refusal =
                    Self::new(StatusCode::CONFLICT, ProblemCode::ReplyRunning, detail);
                refusal.0.reply_id = Some(reply_id);
                refusal
            }
            SendError::UnknownConversation => {
                Self::unknown("conversation").field("conversation_id")
            }
            SendError::UnknownMessage => Self::unknown("message").field("parent_id"),
            SendError::UnknownPersona => Self::invalid(
                "persona_id",
                "There is no such persona: leave it out for the conversation's own.",
            ),
            SendError::UnknownSource => Self::unknown("generation").field("generation_id"),
            SendError::Start(error) => error.into(),
        }
    }
}

impl From<ChangeError> for Refusal {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::UnknownConversation => Self::unknown("conversation"),
            ChangeError::UnknownMessage => Self::unknown("message").field("leaf_id"),
            ChangeError::BadTitle => {
                let most = protocol::conversation::MOST_TITLE_CHARS;
                let detail = format!("A title has 1 to {most} characters.");
                Self::invalid("title", detail)
            }
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<PersonaError> for Refusal {
    fn from(error: PersonaError) -> Self {
        match error {
            PersonaError::Unknown => Self::unknown("persona"),
            PersonaError::BlankName => {
                Self::invalid("name", "The field `name` is blank: give the persona a name.")
            }
            PersonaError::TooLong { field, most_chars } => {
                let detail = format!("The field `{field}` has up to {most_chars} characters.");
                Self::invalid(field, detail)
            }
            PersonaError::Start(error) => error.into(),
            PersonaError::Store(error) => error.into(),
        }
    }
}

impl From<TrainError> for Refusal {
    fn from(error: TrainError) -> Self {
        match error {
            TrainError::BlankMessage => Self::invalid(
                "message",
                "The field `message` is blank: give what the persona is to be taught.",
            ),
            TrainError::UnknownPersona => {
                Self::invalid("digital_human_id", "There is no such persona.")
            }
            TrainError::Running => Self::new(
                StatusCode::CONFLICT,
                ProblemCode::TrainingRunning,
                "A training of this persona runs: wait for it, or stop it.",
            ),
            TrainError::Start(error) => error.into(),
        }
    }
}
