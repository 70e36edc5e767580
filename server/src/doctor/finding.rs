use std::time::Duration;

use llm::{ErrorKind, SetBy, Tokens};
use protocol::CheckState;

/// What is checked, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    Reachable,
    Key,
    Models,
    Streams,
    Schema,
    Usage,
    Reasoning,
    Cancel,
    Context,
}

impl Row {
    pub(super) const ALL: [Self; 9] = [
        Self::Reachable,
        Self::Key,
        Self::Models,
        Self::Streams,
        Self::Schema,
        Self::Usage,
        Self::Reasoning,
        Self::Cancel,
        Self::Context,
    ];

    /// Its name for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Key => "key",
            Self::Models => "models",
            Self::Streams => "streams",
            Self::Schema => "schema",
            Self::Usage => "usage",
            Self::Reasoning => "reasoning",
            Self::Cancel => "cancel",
            Self::Context => "context",
        }
    }
}

/// What came of a check: facts, which the words of a language say.
#[derive(Clone, Debug)]
pub(crate) enum Finding {
    /// Sentences are picked on this server.
    BuiltIn,
    Answers {
        took: Duration,
    },
    Unreachable {
        host: String,
        reason: String,
        set_by: SetBy,
    },
    KeyFits,
    NoKeyNeeded,
    KeyMissing {
        said: Option<String>,
        set_by: SetBy,
    },
    KeyRefused {
        said: Option<String>,
        set_by: SetBy,
    },
    HasModel {
        model: String,
        count: usize,
    },
    /// It answers with a model, and lists none.
    NoList {
        model: String,
    },
    ModelMissing {
        model: String,
        known: Vec<String>,
        set_by: SetBy,
    },
    Streams {
        pieces: usize,
        first: Duration,
    },
    /// The whole answer came in one piece.
    AtOnce {
        took: Duration,
    },
    NoAnswer {
        kind: ErrorKind,
        said: Option<String>,
    },
    FormKept,
    /// It is JSON with the right members, though not held to the schema.
    FormByWords,
    FormBroken {
        wrote: String,
    },
    Usage(Tokens),
    NoUsage,
    Thinks {
        characters: usize,
    },
    ThinksSilently,
    Frees {
        after: Duration,
    },
    Holds {
        waited: Duration,
    },
    Context {
        tokens: u64,
    },
    ContextUnsaid {
        assumed: u64,
    },
    NotTried {
        row: Row,
        first: Row,
    },
}

impl Finding {
    /// What it is a finding of.
    pub(super) fn row(&self) -> Row {
        match self {
            Self::BuiltIn | Self::Answers { .. } | Self::Unreachable { .. } => Row::Reachable,
            Self::KeyFits
            | Self::NoKeyNeeded
            | Self::KeyMissing { .. }
            | Self::KeyRefused { .. } => Row::Key,
            Self::HasModel { .. } | Self::NoList { .. } | Self::ModelMissing { .. } => Row::Models,
            Self::Streams { .. } | Self::AtOnce { .. } | Self::NoAnswer { .. } => Row::Streams,
            Self::FormKept | Self::FormByWords | Self::FormBroken { .. } => Row::Schema,
            Self::Usage(_) | Self::NoUsage => Row::Usage,
            Self::Thinks { .. } | Self::ThinksSilently => Row::Reasoning,
            Self::Frees { .. } | Self::Holds { .. } => Row::Cancel,
            Self::Context { .. } | Self::ContextUnsaid { .. } => Row::Context,
            Self::NotTried { row, .. } => *row,
        }
    }

    pub(super) fn state(&self) -> CheckState {
        match self {
            Self::Unreachable { .. }
            | Self::KeyMissing { .. }
            | Self::KeyRefused { .. }
            | Self::ModelMissing { .. }
            | Self::NoAnswer { .. }
            | Self::FormBroken { .. }
            | Self::Holds { .. } => CheckState::Failed,
            Self::NoList { .. }
            | Self::AtOnce { .. }
            | Self::FormByWords
            | Self::NoUsage
            | Self::ContextUnsaid { .. } => CheckState::Noted,
            Self::NotTried { .. } => CheckState::NotTried,
            _ => CheckState::Passed,
        }
    }
}
