/// How long the name of a model may be, in bytes.
pub const MOST_MODEL_BYTES: usize = 256;

/// Why a generation was not started. Nothing was recorded, unless the store was
/// [busy](store::Error::Busy): then it may still begin, and the same key finds it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The text is empty or blank.
    #[error("the text is blank")]
    BlankText,
    /// The model's name is blank or too long.
    #[error("the model's name is blank or longer than {MOST_MODEL_BYTES} bytes")]
    BadModel,
    /// There is no such provider, or it has no such model.
    #[error("no such model: {0}")]
    UnknownModel(#[from] llm::UnknownModel),
    /// No shape has that name, or a schema of one's own cannot be used.
    #[error(transparent)]
    BadShape(#[from] protocol::ShapeError),
    /// The idempotency key belongs to another request.
    #[error("the idempotency key was used with another body")]
    KeyReused,
    /// As many generations run as may.
    #[error("as many generations run as may at once")]
    Overloaded,
    /// As many generations of the owner run as may.
    #[error("as many generations of this owner run as may at once")]
    TooManyRunning,
    /// The owner has as much stored as may be.
    #[error("this owner has as many bytes stored as may be")]
    SpaceFull,
    /// The server is closing down.
    #[error("the server is closing down")]
    ShuttingDown,
    /// A fault of our own, or of the operating system's source of randomness.
    #[error("the generation could not be made")]
    Unfinished,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why nobody can subscribe to a generation from there on.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// There is no such generation.
    #[error("no such generation")]
    Unknown,
    /// The cursor lies beyond the last event.
    #[error("the log ends at {last}")]
    BeyondEnd {
        /// Id of the last event there is.
        last: u64,
    },
    /// The cursor stands at the end of a generation that has ended.
    #[error("nothing follows")]
    Ended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
