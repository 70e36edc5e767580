use protocol::{Event, Snapshot};

/// An event as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Id of the event before it on the same way; where the two are not neighbours, the server
    /// has merged what lies between. Whoever stands elsewhere has missed something.
    pub(super) after: u64,
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) data: String,
}

impl Message {
    pub(super) fn event(&self) -> Option<Event> {
        Event::decode(&self.name, &self.data).ok()
    }
}

/// What a line tells its reader.
#[derive(Clone, Debug)]
pub(super) enum Report {
    /// The line is open, and the events up to this one have come by.
    At(u64),
    Event(Message),
    /// The generation as it stands, where events do not come one by one.
    Whole(Box<Snapshot>),
    /// The line is broken; it is tried again in so many seconds.
    Waiting(u32),
    /// There is no such generation any more.
    Gone,
}

/// Who reads what comes over a line.
pub(super) trait Reader {
    /// Id of the last event that was read: what a line goes on after.
    fn cursor(&self) -> u64;

    fn hear(&self, report: Report);
}
