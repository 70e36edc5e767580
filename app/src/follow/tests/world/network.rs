//! What the server answers, and what becomes of it on the way.

use protocol::Status;

use super::{Delivery, Stream, Tab, World};
use crate::follow::{FetchError, Input};

/// How long an event and a snapshot are on their way, in milliseconds.
pub(super) const STREAM_MS: u64 = 5;
const FETCH_MS: u64 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Network {
    Works,
    /// Connections are refused.
    Cut,
    /// Nothing arrives, and no side gets an error.
    Dead,
}

impl World {
    /// Ends all streams with an error.
    pub(in super::super) fn break_streams(&mut self) {
        for tab in 0..self.tabs.len() {
            if let Some(number) = self.tabs[tab].stream.as_ref().map(|stream| stream.number) {
                self.send(0, Delivery::StreamFailed { tab, number, refused: false });
            }
        }
    }

    /// Changes the network. When it is cut, open streams end; when it is dead, they become silent.
    pub(in super::super) fn set_network(&mut self, network: Network) {
        self.network = network;
        match network {
            Network::Works => {}
            Network::Cut => self.break_streams(),
            Network::Dead => self.silence_streams(),
        }
    }

    /// Makes open streams silent.
    pub(in super::super) fn silence_streams(&mut self) {
        for tab in &mut self.tabs {
            if let Some(stream) = &mut tab.stream {
                stream.delivers = false;
            }
        }
    }

    pub(super) fn open_stream(&mut self, tab: usize, cursor: u64) {
        let number = self.number();
        let log = &self.logs[self.tabs[tab].generation];
        let is_refused = log.is_deleted
            || !self.gives_streams
            || (log.snapshot.status != Status::Running && cursor >= log.snapshot.cursor);
        self.tabs[tab].opened.push((self.clock_ms, cursor));
        self.tabs[tab].stream = Some(Stream { number, cursor, delivers: true });
        match self.network {
            Network::Works if is_refused => {
                self.send(STREAM_MS, Delivery::StreamFailed { tab, number, refused: true });
            }
            Network::Works => self.send(STREAM_MS, Delivery::Stream { tab, number, opens: true }),
            Network::Cut => {
                self.send(STREAM_MS, Delivery::StreamFailed { tab, number, refused: false });
            }
            Network::Dead => self.silence_streams(),
        }
    }

    pub(super) fn fetch(&mut self, tab: usize, deadline_ms: u64) {
        let request = self.number();
        self.tabs[tab].request = request;
        self.tabs[tab].asked_ms.push(self.clock_ms);
        let log = &self.logs[self.tabs[tab].generation];
        let (after_ms, answer) = match self.network {
            Network::Cut => (STREAM_MS, Err(FetchError::Unavailable)),
            Network::Dead => (deadline_ms, Err(FetchError::Unavailable)),
            Network::Works if !self.gives_snapshots => (FETCH_MS, Err(FetchError::Unavailable)),
            Network::Works if log.is_deleted => (FETCH_MS, Err(FetchError::NotFound)),
            Network::Works => (FETCH_MS, Ok(Box::new(log.snapshot.clone()))),
        };
        self.send(after_ms, Delivery::Snapshot { tab, request, answer });
    }

    pub(super) fn deliver_stream(&mut self, tab: usize, number: u64, opens: bool) {
        let is_current = |stream: &&mut Stream| stream.number == number && stream.delivers;
        let Tab { generation, stream, .. } = &mut self.tabs[tab];
        let Some(stream) = stream.as_mut().filter(is_current) else { return };
        let log = &self.logs[*generation];
        let merge_state = &mut self.merge_state;
        let events = log.after(stream.cursor, || {
            *merge_state = merge_state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            merge_state.is_multiple_of(2) || *merge_state >> 62 != 0
        });
        stream.cursor = log.snapshot.cursor;
        let is_ended = log.snapshot.status != Status::Running;
        if opens {
            self.feed(tab, Input::StreamOpened);
        }
        for event in events {
            // The machine may have closed the stream.
            let is_open = |stream: &Stream| stream.number == number;
            if !self.tabs[tab].stream.as_ref().is_some_and(is_open) {
                return;
            }
            if self.tabs[tab].losses > 0 {
                self.tabs[tab].losses -= 1;
            } else {
                self.feed(tab, Input::StreamEvent(event));
            }
        }
        if is_ended {
            self.send(STREAM_MS, Delivery::StreamFailed { tab, number, refused: false });
        }
    }

    /// How many streams are open.
    pub(in super::super) fn streams(&self) -> usize {
        self.tabs.iter().filter(|tab| tab.stream.is_some()).count()
    }
}
