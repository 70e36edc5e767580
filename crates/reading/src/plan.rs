use std::ops::Range;

use protocol::Span;

use crate::{Gauge, split};

/// A part of fewer tokens is not worth reading by itself: what does not fit then never will.
const LEAST_PART: u64 = 64;

/// Notes of fewer tokens say nothing.
const LEAST_NOTES: u64 = 40;

/// What stands around notes beside others, in tokens.
const AROUND: u64 = 16;

/// How many tokens there are for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// For a part of the text.
    pub part: u64,
    /// For the notes on a part, and for the sentences that are quoted of it.
    pub notes: u64,
    /// For all notes and quotes that are merged at once, and that the document is written from.
    pub merged: u64,
}

impl Room {
    /// Shares out a context. None when it is too small for anything to be read in parts.
    #[must_use]
    pub fn of(context: u64, instructions: u64, answer: u64) -> Option<Self> {
        let merged = context.saturating_sub(instructions + answer);
        // At least two notes, each with quotes and a heading, must fit together.
        let notes = (context / 10).min(600).min((merged / 2).saturating_sub(AROUND) / 2);
        let part = context.saturating_sub(instructions + notes * 2);
        (part >= LEAST_PART && notes >= LEAST_NOTES).then_some(Self { part, notes, merged })
    }
}

/// What is known of a stretch of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes {
    /// Where it lies, in bytes.
    pub range: Range<usize>,
    /// What the model has noted of it.
    pub text: String,
    /// Its most telling sentences, word for word.
    pub quotes: String,
}

/// What is to be asked next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Read this part of the text: the how manieth of how many.
    Read {
        /// Where it lies, in bytes.
        range: Range<usize>,
        /// Its number, from 1.
        number: u64,
        /// How many there are.
        of: u64,
    },
    /// Make one note of these.
    Merge(Vec<Notes>),
}

/// Which call an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallId(u64);

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Parts are being read.
    Reading,
    /// Notes are being merged.
    Merging,
}

/// Plans how the whole of a text is read that does not fit into a model: in parts, whose notes are
/// merged in levels until they fit together.
///
/// It asks for nothing itself: [`next_call`](Self::next_call) says what to ask, side by side if one likes, and
/// [`finish`](Self::finish) takes what came of it.
#[derive(Debug)]
pub struct Plan {
    room: Room,
    stage: Stage,
    nodes: Vec<Node>,
    calls: u64,
}

#[derive(Debug)]
struct Node {
    range: Range<usize>,
    state: State,
    /// What is to be merged; empty where the text itself is to be read.
    below: Vec<Notes>,
}

#[derive(Debug)]
enum State {
    Waiting,
    Asked(CallId),
    Done(Notes),
}

impl Plan {
    /// Plans to read a text, of which some parts were read before.
    #[must_use]
    pub fn new(text: &str, room: Room, gauge: &Gauge, mut known: Vec<Notes>) -> Self {
        known.sort_by_key(|notes| notes.range.start);
        let mut nodes: Vec<Node> = Vec::new();
        let mut at = 0;
        for notes in known {
            let fits = notes.range.start >= at
                && notes.range.start < notes.range.end
                && text.get(notes.range.clone()).is_some();
            if fits {
                nodes.extend(unread(text, at..notes.range.start, room.part, gauge));
                at = notes.range.end;
                let range = notes.range.clone();
                nodes.push(Node { range, state: State::Done(notes), below: Vec::new() });
            }
        }
        nodes.extend(unread(text, at..text.len(), room.part, gauge));
        let mut plan = Self { room, stage: Stage::Reading, nodes, calls: 0 };
        plan.rise(gauge);
        plan
    }

    /// What to ask next; none while answers are awaited, and when all is done.
    pub fn next_call(&mut self) -> Option<(CallId, Call)> {
        let of = self.nodes.len() as u64;
        let waiting = |node: &Node| matches!(node.state, State::Waiting);
        let place = self.nodes.iter().position(waiting)?;
        let node = self.nodes.get_mut(place)?;
        self.calls += 1;
        let id = CallId(self.calls);
        node.state = State::Asked(id);
        let call = if node.below.is_empty() {
            Call::Read { range: node.range.clone(), number: place as u64 + 1, of }
        } else {
            Call::Merge(node.below.clone())
        };
        Some((id, call))
    }

    /// Takes what came of a call. Says which stretch of the text it is about.
    pub fn finish(
        &mut self,
        id: CallId,
        text: String,
        quotes: String,
        gauge: &Gauge,
    ) -> Option<Notes> {
        let node = self.nodes.iter_mut().find(|node| node.is_asked(id))?;
        let notes = Notes { range: node.range.clone(), text, quotes };
        node.state = State::Done(notes.clone());
        self.rise(gauge);
        Some(notes)
    }

    /// Reads in smaller parts what was too long for a call, and all that is as long and not asked
    /// for yet. `false` when it cannot be made smaller.
    pub fn halve(&mut self, id: CallId, text: &str, gauge: &Gauge) -> bool {
        let Some(place) = self.nodes.iter().position(|node| node.is_asked(id)) else {
            return false;
        };
        let node = &self.nodes[place];
        let tokens = text.get(node.range.clone()).map_or(0, |part| gauge.tokens(part));
        let half = tokens / 2;
        if half < LEAST_PART || !node.below.is_empty() {
            return false;
        }
        // Others that are under way may have made it smaller already.
        self.room.part = self.room.part.min(half);
        let half = self.room.part;
        let mut nodes = Vec::with_capacity(self.nodes.len() + 1);
        for node in self.nodes.drain(..) {
            let is_open = matches!(node.state, State::Waiting) || node.is_asked(id);
            if is_open && node.below.is_empty() {
                nodes.extend(unread(text, node.range, half, gauge));
            } else {
                nodes.push(node);
            }
        }
        self.nodes = nodes;
        true
    }

    /// How far it has come: the stage, how many calls of it are done, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (Stage, u64, u64) {
        let done = self.nodes.iter().filter(|node| node.notes().is_some()).count();
        (self.stage, done as u64, self.nodes.len() as u64)
    }

    /// The notes on the whole text, in its order, once they fit together.
    #[must_use]
    pub fn notes(&self) -> Option<Vec<&Notes>> {
        self.nodes.iter().map(Node::notes).collect()
    }

    /// Goes to the next level when this one is done, and does not fit together.
    fn rise(&mut self, gauge: &Gauge) {
        let Some(notes) = self.notes() else { return };
        let all: u64 = notes.iter().map(|notes| cost(notes, gauge)).sum();
        if all <= self.room.merged || notes.len() < 2 {
            return;
        }
        let mut groups: Vec<Vec<Notes>> = Vec::new();
        let mut left = 0;
        // A little more than an equal share, so that the last group is no leftover.
        let count = all.div_ceil(self.room.merged).max(1);
        let share = (all / count + self.room.notes).min(self.room.merged);
        for notes in notes {
            let cost = cost(notes, gauge);
            match groups.last_mut() {
                Some(group) if cost <= left || group.len() < 2 => {
                    group.push(notes.clone());
                    left = left.saturating_sub(cost);
                }
                _ => {
                    groups.push(vec![notes.clone()]);
                    left = share.saturating_sub(cost);
                }
            }
        }
        self.stage = Stage::Merging;
        self.nodes = groups.into_iter().map(Node::over).collect();
    }
}

impl Node {
    fn over(below: Vec<Notes>) -> Self {
        let start = below.first().map_or(0, |notes| notes.range.start);
        let end = below.last().map_or(0, |notes| notes.range.end);
        match <[Notes; 1]>::try_from(below) {
            // What is alone needs no merging.
            Ok([alone]) => Self { range: start..end, state: State::Done(alone), below: Vec::new() },
            Err(below) => Self { range: start..end, state: State::Waiting, below },
        }
    }

    fn is_asked(&self, id: CallId) -> bool {
        matches!(self.state, State::Asked(asked) if asked == id)
    }

    fn notes(&self) -> Option<&Notes> {
        match &self.state {
            State::Done(notes) => Some(notes),
            State::Waiting | State::Asked(_) => None,
        }
    }
}

/// A stretch that nobody has read, in parts. White space alone is none.
fn unread(
    text: &str,
    within: Range<usize>,
    budget: u64,
    gauge: &Gauge,
) -> impl Iterator<Item = Node> {
    let is_blank = text.get(within.clone()).is_none_or(|text| text.trim().is_empty());
    let parts = if is_blank { Vec::new() } else { split(text, within, budget, gauge) };
    parts.into_iter().map(|range| Node { range, state: State::Waiting, below: Vec::new() })
}

/// What notes and quotes cost beside others.
fn cost(notes: &Notes, gauge: &Gauge) -> u64 {
    gauge.tokens(&notes.text) + gauge.tokens(&notes.quotes) + AROUND
}

/// A range of bytes as one of characters.
#[must_use]
pub fn span_of(text: &str, range: &Range<usize>) -> Span {
    let chars = |range: Range<usize>| text.get(range).unwrap_or_default().chars().count() as u64;
    let start = chars(0..range.start);
    Span { start, end: start + chars(range.clone()) }
}

/// A range of characters as one of bytes.
#[must_use]
pub fn range_of(text: &str, span: Span) -> Range<usize> {
    let byte = |text: &str, char: u64| {
        let char = usize::try_from(char).unwrap_or(usize::MAX);
        text.char_indices().nth(char).map_or(text.len(), |(at, _)| at)
    };
    let start = byte(text, span.start);
    let length = span.end.saturating_sub(span.start);
    start..start + text.get(start..).map_or(0, |rest| byte(rest, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { part: 1_000, notes: 100, merged: 800 };

    fn text() -> String {
        (0..900).map(|number| format!("Sentence {number} of the text says so.\n\n")).collect()
    }

    /// Plays the plan to its end; gives what was read, in what order and how many merges there were.
    fn play(plan: &mut Plan, gauge: &Gauge, note: &str) -> (Vec<Range<usize>>, usize) {
        let (mut read, mut merges) = (Vec::new(), 0);
        while let Some((id, call)) = plan.next_call() {
            match call {
                Call::Read { range, .. } => read.push(range),
                Call::Merge(notes) => {
                    assert!(notes.len() > 1);
                    merges += 1;
                }
            }
            plan.finish(id, note.to_owned(), String::new(), gauge).unwrap();
        }
        assert!(plan.notes().is_some());
        (read, merges)
    }

    #[test]
    fn all_of_a_text_is_read_and_merged_until_it_fits() {
        let (text, gauge) = (text(), Gauge::default());
        let mut plan = Plan::new(&text, ROOM, &gauge, Vec::new());
        let (stage, done, total) = plan.progress();
        assert_eq!((stage, done), (Stage::Reading, 0));
        let (read, merges) = play(&mut plan, &gauge, &"note ".repeat(60));
        assert_eq!(read.len() as u64, total);
        assert_eq!(read.iter().map(|part| &text[part.clone()]).collect::<String>(), text);
        assert!(merges > 0);
        let notes = plan.notes().unwrap();
        assert!(notes.iter().map(|notes| cost(notes, &gauge)).sum::<u64>() <= ROOM.merged);
        assert_eq!((notes[0].range.start, notes[notes.len() - 1].range.end), (0, text.len()));
    }

    #[test]
    fn what_was_read_before_is_not_read_again() {
        let (text, gauge) = (text(), Gauge::default());
        let mut plan = Plan::new(&text, ROOM, &gauge, Vec::new());
        let (id, _) = plan.next_call().unwrap();
        let (other, _) = plan.next_call().unwrap();
        let second = plan.finish(other, "b".to_owned(), String::new(), &gauge).unwrap();
        let first = plan.finish(id, "a".to_owned(), String::new(), &gauge).unwrap();
        let mut again = Plan::new(&text, ROOM, &gauge, vec![second.clone(), first.clone()]);
        let (read, _) = play(&mut again, &gauge, "c");
        assert_eq!(read.first().unwrap().start, second.range.end);
        assert_eq!(*again.notes().unwrap()[0], first);
    }

    #[test]
    fn what_is_too_long_is_read_in_smaller_parts() {
        let (text, gauge) = (text(), Gauge::default());
        let mut plan = Plan::new(&text, ROOM, &gauge, Vec::new());
        let before = plan.progress().2;
        let (id, _) = plan.next_call().unwrap();
        assert!(plan.halve(id, &text, &gauge));
        assert!(plan.progress().2 >= before * 2);
        assert!(plan.finish(id, String::new(), String::new(), &gauge).is_none(), "it is gone");
        let (read, _) = play(&mut plan, &gauge, "c");
        assert_eq!(read.iter().map(|part| &text[part.clone()]).collect::<String>(), text);
        let mut small = Plan::new("word ".repeat(30).as_str(), ROOM, &gauge, Vec::new());
        let (id, _) = small.next_call().unwrap();
        assert!(!small.halve(id, &"word ".repeat(30), &gauge));
    }

    #[test]
    fn ranges_of_bytes_and_of_characters_tell_the_same() {
        let text = "新科技 and more";
        let span = span_of(text, &(3..9));
        assert_eq!(span, Span { start: 1, end: 3 });
        assert_eq!(range_of(text, span), 3..9);
        assert_eq!(range_of(text, Span { start: 2, end: 900 }), 6..text.len());
    }
}
