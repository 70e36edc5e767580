use std::sync::Arc;

use protocol::{Event, Failure, Progress, Snapshot, Status};

use crate::document::{below, members};

/// What is happening to the generation on the sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Asked for, not yet begun.
    Connecting,
    /// As many generations have their turn first.
    Waiting(u64),
    /// The text is being read; with the part and the number of parts when it is long.
    Reading(Option<(u64, u64)>),
    /// The model reads what it was given: so much of it, in percent.
    ReadingPrompt(u64),
    /// What was noted of the parts of a long text is put together.
    Merging,
    Thinking,
    /// The field at this path is being written, at any depth.
    Writing(Arc<str>),
    Completed,
    Stopped,
    Failed(Failure),
    /// Deleted while it was followed.
    Gone,
}

impl Phase {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        match (snapshot.status, &snapshot.error) {
            (Status::Completed, _) => return Self::Completed,
            (Status::Stopped, _) => return Self::Stopped,
            (Status::Failed, Some(failure)) => return Self::Failed(failure.clone()),
            _ => {}
        }
        match (last_begun(snapshot), &snapshot.progress) {
            (Some(path), _) => Self::Writing(path.into()),
            _ if !snapshot.reasoning.is_empty() => Self::Thinking,
            (None, Some(progress)) => Self::at(progress),
            (None, None) if snapshot.cursor > 0 => Self::Reading(None),
            (None, None) => Self::Connecting,
        }
    }

    fn at(progress: &Progress) -> Self {
        let Progress { stage, done, total } = progress;
        match total {
            ahead @ 1.. if stage == Progress::QUEUED => Self::Waiting(*ahead),
            tokens @ 1.. if stage == Progress::PROMPT => {
                Self::ReadingPrompt(done.min(tokens).saturating_mul(100) / tokens)
            }
            _ if stage == Progress::MERGING => Self::Merging,
            2.. => Self::Reading(Some(((done + 1).min(*total), *total))),
            _ => Self::Reading(None),
        }
    }

    /// The phase that `event` leads to, when it leads to another.
    pub(crate) fn after(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Started(_) => Self::Reading(None),
            Event::Progress(progress) => Self::at(progress),
            Event::Reasoning(_) => Self::Thinking,
            Event::FieldStarted(field) => Self::Writing(field.path.as_str().into()),
            Event::Completed(_) => Self::Completed,
            Event::Stopped {} => Self::Stopped,
            Event::Failed(failure) => Self::Failed(failure.clone()),
            _ => return None,
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Stopped | Self::Failed(_) | Self::Gone)
    }

    /// Whether it says nothing new to somebody who knows of `earlier`: the parts of a text that are
    /// read in turn, and the items of a list, do not.
    pub(crate) fn goes_on_from(&self, earlier: &Self) -> bool {
        match (earlier, self) {
            (
                Self::Reading(_) | Self::ReadingPrompt(_) | Self::Merging,
                Self::Reading(_) | Self::ReadingPrompt(_) | Self::Merging,
            ) => true,
            (Self::Writing(before), Self::Writing(now)) => top_level(before) == top_level(now),
            (before, now) => before == now,
        }
    }

    /// How much is done of what takes its time before anything is written, in percent.
    pub(crate) fn percent(&self) -> Option<u64> {
        match self {
            Self::Reading(Some((part, parts))) => Some((part - 1) * 100 / (*parts).max(1)),
            Self::ReadingPrompt(percent) => Some(*percent),
            _ => None,
        }
    }

    /// The word for tests and styles.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Waiting(_) => "waiting",
            Self::Reading(_) | Self::ReadingPrompt(_) | Self::Merging | Self::Thinking => "reading",
            Self::Writing(_) => "writing",
            Self::Completed => "completed",
            Self::Stopped => "stopped",
            Self::Failed(_) | Self::Gone => "failed",
        }
    }
}

/// The path of the top-level field that the field at `path` is, or is part of.
pub(crate) fn top_level(path: &str) -> &str {
    let name = path.strip_prefix('/').unwrap_or_default();
    &path[..name.find('/').map_or(path.len(), |end| end + 1)]
}

/// The path of the field that was begun last: members and items are in the order in which they
/// came.
fn last_begun(snapshot: &Snapshot) -> Option<String> {
    let mut path = String::new();
    let mut children = members(snapshot);
    while let Some((token, value)) = children.pop() {
        path = format!("{path}/{token}");
        children = below(value);
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use protocol::{FieldStarted, Kind};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn parts_are_counted_from_the_one_being_read() {
        let at = |done| {
            let progress = Progress { stage: "reading".to_owned(), done, total: 7 };
            Phase::after(&Event::Progress(progress))
        };
        assert_eq!(at(2), Some(Phase::Reading(Some((3, 7)))));
        assert_eq!(at(7), Some(Phase::Reading(Some((7, 7)))));
    }

    #[test]
    fn a_bar_shows_how_much_is_read() {
        let at = |stage: &str, done, total| {
            let progress = Progress { stage: stage.to_owned(), done, total };
            Phase::after(&Event::Progress(progress)).unwrap()
        };
        assert_eq!(at("reading", 2, 8).percent(), Some(25));
        assert_eq!(at("reading", 8, 8).percent(), Some(87), "the last one is not done until it is");
        assert_eq!(at("prompt", 1_500, 3_000), Phase::ReadingPrompt(50));
        assert_eq!(at("prompt", 1_500, 3_000).percent(), Some(50));
        assert_eq!(at("merging", 0, 2), Phase::Merging);
        assert_eq!(Phase::Completed.percent(), None);
    }

    #[test]
    fn who_waits_knows_how_many_are_ahead() {
        let ahead = |total| {
            let progress = Progress { stage: Progress::QUEUED.to_owned(), done: 0, total };
            Phase::after(&Event::Progress(progress))
        };
        assert_eq!(ahead(1), Some(Phase::Waiting(1)));
        assert_eq!(ahead(0), Some(Phase::Reading(None)));
    }

    #[test]
    fn a_snapshot_and_the_event_agree_on_what_is_written() {
        let begun = |document: Value| {
            Phase::of(&Snapshot { document: document.into(), cursor: 3, ..Snapshot::default() })
        };
        let started = |path: &str| {
            let field = FieldStarted { path: path.to_owned(), kind: Kind::Text };
            Phase::after(&Event::FieldStarted(field)).unwrap()
        };
        assert_eq!(begun(json!({"title": "A", "summary": ""})), started("/summary"));
        assert_eq!(begun(json!({"title": "A", "points": ["b", "c"]})), started("/points/1"));
        assert_eq!(begun(json!({"a/b": [{"who": "", "what": ""}]})), started("/a~1b/0/what"));
        assert_eq!(begun(json!({"points": []})), started("/points"));
        assert_eq!(begun(json!({})), Phase::Reading(None));
    }

    #[test]
    fn the_items_of_a_list_are_no_news() {
        let writing = |path: &str| Phase::Writing(path.into());
        assert!(writing("/points/1").goes_on_from(&writing("/points")));
        assert!(!writing("/points").goes_on_from(&writing("/title")));
        assert!(!Phase::Completed.goes_on_from(&writing("/points/1")));
        assert_eq!(top_level("/items/0/who"), "/items");
        assert_eq!(top_level("/title"), "/title");
    }
}
