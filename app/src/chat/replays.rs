use std::collections::BTreeMap;

use protocol::conversation::Event;

use super::RawEvent;

/// How many events of one reply are kept. Of a longer one, a tab that comes later asks the server.
const MOST_EVENTS: usize = 20_000;

/// The events of the replies that are being written, from their beginnings, for tabs that come later.
#[derive(Debug, Default)]
pub(super) struct Replays(BTreeMap<String, Vec<RawEvent>>);

impl Replays {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes note of an event of the stream.
    pub(super) fn note(&mut self, raw: &RawEvent, event: &Event) {
        match event {
            Event::Started(started) => {
                self.0.insert(started.message_id.clone(), vec![raw.clone()]);
            }
            Event::PassagesChosen(chosen) => self.append(&chosen.message_id, raw),
            Event::Chunk(chunk) => self.append(&chunk.message_id, raw),
            Event::Blocks(blocks) => self.append(&blocks.message_id, raw),
            Event::Completed(completed) => self.forget(&completed.message_id),
            Event::Stopped(stopped) => self.forget(&stopped.message_id),
            Event::Failed(failed) => self.forget(&failed.message_id),
            Event::Connected(_)
            | Event::UserMessage(_)
            | Event::TitleChanged(_)
            | Event::LeafChanged(_)
            | Event::Snapshot(_)
            | Event::Deleted(_) => {}
        }
    }

    /// The events of all replies, each from its beginning.
    pub(super) fn events(&self) -> Vec<RawEvent> {
        self.0.values().flatten().cloned().collect()
    }

    fn append(&mut self, reply_id: &str, raw: &RawEvent) {
        let Some(events) = self.0.get_mut(reply_id) else { return };
        if events.len() < MOST_EVENTS {
            events.push(raw.clone());
        } else {
            self.0.remove(reply_id);
        }
    }

    fn forget(&mut self, reply_id: &str) {
        self.0.remove(reply_id);
    }
}
