use super::{audience::Audience, now::Now, silence::Silence, source::Source};

/// How often a follower says that it is there, in milliseconds.
const HELLO_MS: u64 = 10_000;

/// What a tab is among those of the browser that follow one generation.
#[derive(Debug)]
pub(super) enum Role {
    /// It follows nothing: it has not begun, or lies in the back-forward cache.
    Absent,
    /// It applies what the leader posts, and queues for the generation's lock.
    Follower(Following),
    /// It has the generation's lock, and posts what it gets to the others.
    Leader { source: Source, audience: Audience },
    /// It shares nothing, for want of locks. A while after it was hidden, at `rest_ms`, it gives its
    /// stream back.
    Alone { source: Source, rest_ms: Option<u64> },
    /// There is nothing to follow any more. What was stopped may have been so because it is being
    /// deleted: that is looked at at `look_ms`, and then after each of the other waits.
    Over { look_ms: Option<u64>, waits_ms: &'static [u64] },
}

/// What a follower knows of its leader.
#[derive(Debug)]
pub(super) struct Following {
    /// The leader's silence: it may stand still, and holds its lock all the same.
    pub(super) silence: Silence,
    /// When it next says that it is there.
    pub(super) hello_ms: u64,
    /// Whether events are of no use until a snapshot has come.
    pub(super) is_behind: bool,
}

impl Following {
    pub(super) fn begin(now: Now) -> Self {
        let hello_ms = now.clock_ms + HELLO_MS;
        Self { silence: Silence::begin(now), hello_ms, is_behind: false }
    }
}

impl Role {
    /// The end of following, with a look at what became of the generation after each wait.
    pub(super) fn over(waits_ms: &'static [u64], now: Now) -> Self {
        match waits_ms {
            [wait_ms, waits_ms @ ..] => {
                Self::Over { look_ms: Some(now.clock_ms + wait_ms), waits_ms }
            }
            [] => Self::Over { look_ms: None, waits_ms },
        }
    }

    pub(super) fn source(&mut self) -> Option<&mut Source> {
        match self {
            Self::Leader { source, .. } | Self::Alone { source, .. } => Some(source),
            Self::Absent | Self::Follower(_) | Self::Over { .. } => None,
        }
    }

    /// The audience, when there is anybody in it.
    pub(super) fn audience(&mut self) -> Option<&mut Audience> {
        match self {
            Self::Leader { audience, .. } if !audience.is_empty() => Some(audience),
            _ => None,
        }
    }

    /// Whether an answer to the request for the snapshot is expected.
    pub(super) fn awaits_snapshot(&self) -> bool {
        match self {
            Self::Absent => false,
            Self::Follower(following) => following.silence.is_asking,
            Self::Leader { source, .. } | Self::Alone { source, .. } => source.awaits_snapshot(),
            Self::Over { .. } => true,
        }
    }

    /// When it wants to be looked at next.
    pub(super) fn due_ms(&self) -> Option<u64> {
        let (one, other) = match self {
            Self::Absent => (None, None),
            Self::Follower(Following { silence, hello_ms, .. }) => {
                (Some(silence.look_ms), Some(*hello_ms))
            }
            Self::Leader { source, audience } => (source.due_ms(), audience.due_ms()),
            Self::Alone { source, rest_ms } => (source.due_ms(), *rest_ms),
            Self::Over { look_ms, .. } => (*look_ms, None),
        };
        one.into_iter().chain(other).min()
    }
}
