use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use protocol::Snapshot;

use super::{
    backoff::Backoff,
    channel::{Channel, Word},
    claim::Claim,
    deadline::in_time,
    guards::{Planned, Ticker},
    line::Line,
    report::{Reader, Report},
    silence::{Silence, WATCH_MS},
};
use crate::{api_error::ApiError, commands};

/// How many event streams one browser keeps open at once, over all its tabs.
const LINES: usize = 4;
/// How often the whole is asked for while other generations hold all lines, or while the tab that
/// has one keeps to itself what comes over it.
const POLL_MS: f64 = 1_000.0;

/// The line that all tabs of a browser share which follow one generation.
///
/// A browser opens at most six HTTP/1.1 connections to an origin, and an event stream occupies
/// one for as long as it runs: the seventh tab would hang, its page not even loaded. HTTP/2 would
/// lift that, but browsers speak it over TLS only, and a program that one starts on one's own
/// machine has no certificate. So at most [`LINES`] streams are open, and the rest is left to short
/// requests. A tab takes the generation's lock, then that of a line, and repeats what it
/// hears to the others over a [`Channel`]. The browser passes the locks on when it is closed, and
/// does not put tabs to sleep that hold one. While no line is free, the tab polls. What takes the
/// place of locks where there are none may be lost again (see [`Claim`]); where there is nothing
/// at all, each tab has a line of its own.
///
/// A tab that comes later or has slept says hello and is told where the others stand; what it
/// has missed then, it asks for itself. So it does when it hears nothing for long: the tab that it
/// listens to may stand still, and holds its lock all the same.
pub(super) struct SharedLine {
    _party: Rc<RefCell<Party>>,
}

struct Party {
    id: String,
    channel: Option<Channel>,
    /// The generation's lock, or the place in its queue.
    lead: Option<Claim>,
    /// The line's lock, or places in all lines' queues.
    lines: Vec<Option<Claim>>,
    source: Source,
    /// That of the tab which holds the generation's lock.
    silence: Silence,
    watch: Option<Ticker>,
}

/// Where a tab has its events from.
enum Source {
    /// The tab that holds the generation's lock.
    Others,
    /// Short requests for the whole.
    Poll {
        _next: Option<Planned>,
    },
    Line(Line),
}

impl SharedLine {
    pub(super) fn join(id: &str, reader: Rc<dyn Reader>) -> Self {
        let party = Rc::new(RefCell::new(Party {
            id: id.to_owned(),
            channel: None,
            lead: None,
            lines: Vec::new(),
            source: Source::Others,
            silence: Silence::new(),
            watch: None,
        }));
        let seat = Seat { party: Rc::downgrade(&party), reader };
        let watcher = seat.clone();
        let watch = Ticker::every(WATCH_MS, move || watcher.watch());
        seat.with(|party| party.watch = watch);
        let (listener, leader) = (seat.clone(), seat.clone());
        let channel = Channel::join(id, move |word| listener.listen(word));
        let lead =
            channel.as_ref().and_then(|channel| {
                channel.say(&Word::Hello);
                Claim::on(&format!("unspool-{id}"), move |held| {
                    if held { leader.lead() } else { leader.follow() }
                })
            });
        if lead.is_none() {
            seat.connect();
        }
        seat.with(|party| (party.channel, party.lead) = (channel, lead));
        Self { _party: party }
    }
}

/// A tab's seat at the party; the reader's side of its line.
#[derive(Clone)]
struct Seat {
    party: Weak<RefCell<Party>>,
    reader: Rc<dyn Reader>,
}

impl Reader for Seat {
    fn cursor(&self) -> u64 {
        self.reader.cursor()
    }

    /// What comes over the own line: the others hear it, too.
    fn hear(&self, report: Report) {
        let word = Word::Heard(report.clone());
        if self.with(|party| party.say(&word)).is_some() {
            self.reader.hear(report);
        }
    }
}

impl Seat {
    /// Nothing that is done in `act` may call the reader's [`hear`](Reader::hear): it may leave.
    fn with<T>(&self, act: impl FnOnce(&mut Party) -> T) -> Option<T> {
        let party = self.party.upgrade()?;
        let done = act(&mut party.borrow_mut());
        Some(done)
    }

    /// Hears the others, and answers who has come.
    fn listen(&self, word: Word) {
        match word {
            Word::Hello => {
                let cursor = self.reader.cursor();
                self.with(|party| {
                    if party.source.flows() {
                        party.say(&Word::Heard(Report::At(cursor)));
                    }
                });
            }
            Word::Heard(report) => {
                let listens = self.with(|party| {
                    party.silence.restart();
                    party.listens()
                });
                if listens == Some(true) {
                    self.reader.hear(report);
                }
            }
        }
    }

    /// The generation's lock is granted, or that of the line is lost: from now on the others hear
    /// what this tab hears.
    fn lead(&self) {
        let lines: Vec<_> = (0..LINES)
            .map(|line| {
                let seat = self.clone();
                Claim::on(&format!("unspool-line-{line}"), move |held| {
                    if held { seat.take_line(line) } else { seat.lead() }
                })
            })
            .collect();
        self.with(|party| party.lines = lines);
        self.poll_after(POLL_MS, Backoff::default());
    }

    /// The generation's lock is lost to another tab: from now on this one hears that.
    fn follow(&self) {
        self.with(|party| {
            party.lines.clear();
            party.source = Source::Others;
            party.silence.restart();
            party.say(&Word::Hello);
        });
    }

    /// The lock of a line is granted: the first is taken, the others are given back.
    fn take_line(&self, line: usize) {
        let first = self.with(|party| {
            let first = matches!(party.source, Source::Poll { .. });
            for (other, claim) in party.lines.iter_mut().enumerate() {
                if (other == line) != first {
                    *claim = None;
                }
            }
            first
        });
        if first == Some(true) {
            self.connect();
        }
    }

    fn connect(&self) {
        self.with(|party| {
            party.source = Source::Line(Line::open(&party.id, Rc::new(self.clone())));
        });
    }

    fn poll_after(&self, wait_ms: f64, backoff: Backoff) {
        let seat = self.clone();
        let next = Planned::after(wait_ms, move || seat.poll(backoff));
        self.with(|party| party.source = Source::Poll { _next: next });
    }

    /// Asks for the whole, and then again, the later the more often that fails.
    fn poll(&self, mut backoff: Backoff) {
        let Some(id) = self.with(|party| party.id.clone()) else { return };
        let seat = self.clone();
        spawn_local(async move {
            let answer = in_time(commands::fetch_snapshot(id)).await;
            let polls = seat.with(|party| matches!(party.source, Source::Poll { .. }));
            if polls != Some(true) {
                return;
            }
            let wait_ms = if answer.is_ok() {
                backoff.reset();
                POLL_MS
            } else {
                backoff.next_ms(js_sys::Math::random())
            };
            seat.poll_after(wait_ms, backoff);
            seat.hear(seen(answer));
        });
    }

    /// Looks at the generation when the tab that tells of it has long been silent.
    fn watch(&self) {
        let asks = self.with(|party| {
            let asks = party.listens() && party.silence.asks();
            asks.then(|| party.id.clone())
        });
        let Some(Some(id)) = asks else { return };
        let seat = self.clone();
        spawn_local(async move {
            let answer = in_time(commands::fetch_snapshot(id)).await;
            let is_silent = seat.with(|party| party.silence.answered() && party.listens());
            if is_silent == Some(true) {
                seat.judge(answer);
            }
        });
    }

    /// Takes the whole, and does so again soon where the silent tab has kept something back.
    fn judge(&self, answer: Result<Snapshot, ApiError>) {
        let cursor = self.reader.cursor();
        let missed = answer.as_ref().is_ok_and(|snapshot| snapshot.cursor > cursor);
        self.with(
            |party| {
                if missed { party.silence.distrust(POLL_MS) } else { party.silence.restart() }
            },
        );
        self.reader.hear(seen(answer));
    }
}

/// What is told of a look at the generation.
fn seen(answer: Result<Snapshot, ApiError>) -> Report {
    match answer {
        Ok(snapshot) => Report::Whole(Box::new(snapshot)),
        Err(fault) if fault.is_not_found() => Report::Gone,
        Err(_) => Report::Waiting(0),
    }
}

impl Party {
    /// Whether this tab has its events from another.
    fn listens(&self) -> bool {
        matches!(self.source, Source::Others)
    }

    fn say(&self, word: &Word) {
        if let Some(channel) = &self.channel {
            channel.say(word);
        }
    }
}

impl Source {
    /// Whether this tab has its events from the server, and gets them.
    fn flows(&self) -> bool {
        match self {
            Self::Others => false,
            Self::Poll { .. } => true,
            Self::Line(line) => line.is_open(),
        }
    }
}
