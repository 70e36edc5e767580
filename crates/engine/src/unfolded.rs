use std::mem;

use protocol::Event;

use crate::join::{join, text_of};

/// Events that are not folded yet, neighbouring texts joined. Those that came last may not be
/// committed yet: they may be taken back.
pub(crate) struct Unfolded {
    events: Vec<Event>,
    /// Id of the last one.
    last: u64,
    certain: Certain,
}

/// How much of them is committed.
#[derive(Clone, Copy)]
struct Certain {
    /// So many events,
    events: usize,
    /// of the last one so many bytes of text.
    text: usize,
    /// The id up to which that is.
    last: u64,
}

impl Unfolded {
    /// None yet, after the event `last`.
    pub(crate) fn after(last: u64) -> Self {
        Self { events: Vec::new(), last, certain: Certain { events: 0, text: 0, last } }
    }

    /// Adds `events`, which are to follow the event `cursor`. Up to there all is certain; what was
    /// added beyond it is taken back.
    pub(crate) fn expect(&mut self, cursor: u64, events: &mut Vec<Event>) {
        if cursor < self.last {
            self.take_back();
        }
        let text = self.events.last_mut().and_then(text_of).map_or(0, |text| text.len());
        self.certain = Certain { events: self.events.len(), text, last: self.last };
        self.last += events.len() as u64;
        events.drain(..).for_each(|event| join(&mut self.events, event, usize::MAX));
    }

    fn take_back(&mut self) {
        self.events.truncate(self.certain.events);
        if let Some(text) = self.events.last_mut().and_then(text_of) {
            text.truncate(self.certain.text);
        }
        self.last = self.certain.last;
    }

    /// Takes out what is certain when all up to the event `cursor` is.
    pub(crate) fn take(&mut self, cursor: u64) -> Vec<Event> {
        let mut rest = Vec::new();
        if cursor < self.last {
            rest = self.events.split_off(self.certain.events);
            rest.splice(..0, self.cut_last());
        }
        self.certain = Certain { events: 0, text: 0, last: self.last.min(cursor) };
        mem::replace(&mut self.events, rest)
    }

    /// Cuts what is not certain off the last event that is.
    fn cut_last(&mut self) -> Option<Event> {
        let last = self.events.last_mut()?;
        let more = text_of(last)?.split_off(self.certain.text);
        if more.is_empty() {
            return None;
        }
        let mut cut = last.clone();
        *text_of(&mut cut)? = more;
        Some(cut)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{FieldCompleted, FieldDelta, Reasoning};

    use super::*;

    fn event(kind: u8, letter: u8) -> Event {
        let text = char::from(b'a' + letter).to_string();
        match kind {
            0..4 => Event::FieldDelta(FieldDelta { path: "/a".into(), text }),
            4 => Event::FieldDelta(FieldDelta { path: "/b".into(), text }),
            5..7 => Event::Reasoning(Reasoning { text }),
            _ => Event::FieldCompleted(FieldCompleted { path: text }),
        }
    }

    fn joined(events: Vec<Event>) -> Vec<Event> {
        let mut all = Vec::new();
        events.into_iter().for_each(|event| join(&mut all, event, usize::MAX));
        all
    }

    proptest! {
        /// Some batches are committed and others not; someone looks now and then.
        #[test]
        fn what_is_taken_is_what_was_committed(
            batches in prop::collection::vec(
                (prop::collection::vec((0_u8..8, 0_u8..26), 1..5), any::<bool>(), 0_u8..4),
                1..40,
            ),
        ) {
            let mut unfolded = Unfolded::after(7);
            let (mut committed, mut taken, mut cursor) = (Vec::new(), Vec::new(), 7);
            for (events, is_committed, looks) in batches {
                let events: Vec<_> = events.iter().map(|(kind, at)| event(*kind, *at)).collect();
                unfolded.expect(cursor, &mut events.clone());
                if looks & 1 == 1 {
                    taken.extend(unfolded.take(cursor));
                    prop_assert_eq!(joined(taken.clone()), joined(committed.clone()));
                }
                if is_committed {
                    cursor += events.len() as u64;
                    committed.extend(events);
                }
                if looks & 2 == 2 {
                    taken.extend(unfolded.take(cursor));
                    prop_assert_eq!(joined(taken.clone()), joined(committed.clone()));
                }
            }
        }
    }
}
