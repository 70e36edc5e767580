use crate::StartError;

/// Why a message was not sent. Nothing was stored, unless the store was
/// [busy](store::Error::Busy): then it may still be, and the same key finds it.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The message is blank.
    #[error("the message is blank")]
    BlankContent,
    /// That reply of the conversation is being written.
    #[error("a reply is being written")]
    ReplyRunning(String),
    /// There is no such conversation.
    #[error("there is no such conversation")]
    UnknownConversation,
    /// There is no such message in it.
    #[error("there is no such message")]
    UnknownMessage,
    /// There is no such persona.
    #[error("there is no such persona")]
    UnknownPersona,
    /// There is no such generation to talk about.
    #[error("there is no such generation")]
    UnknownSource,
    /// What may happen to any generation.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl From<store::Error> for SendError {
    fn from(error: store::Error) -> Self {
        Self::Start(error.into())
    }
}

/// Why a conversation was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such conversation.
    #[error("there is no such conversation")]
    UnknownConversation,
    /// There is no such message in it.
    #[error("there is no such message")]
    UnknownMessage,
    /// The title is blank or too long.
    #[error("the title is blank or too long")]
    BadTitle,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why nobody can follow conversations from there on.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// There is no such conversation.
    #[error("there is no such conversation")]
    UnknownConversation,
    /// The cursor is none that a stream gave.
    #[error("there is no such place")]
    UnknownPlace,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why a persona was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum PersonaError {
    /// There is no such persona, or no such version of it.
    #[error("there is no such persona")]
    Unknown,
    /// The name is blank.
    #[error("the name is blank")]
    BlankName,
    /// A field is too long.
    #[error("{field} is longer than {most_chars} characters")]
    TooLong {
        /// The field.
        field: &'static str,
        /// How long it may be.
        most_chars: usize,
    },
    /// No id could be made.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why a training was not started.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The message is blank.
    #[error("the message is blank")]
    BlankMessage,
    /// There is no such persona.
    #[error("there is no such persona")]
    UnknownPersona,
    /// One of the same persona runs.
    #[error("a training of that persona runs")]
    Running,
    /// What may happen to any generation.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl From<store::Error> for TrainError {
    fn from(error: store::Error) -> Self {
        Self::Start(error.into())
    }
}
