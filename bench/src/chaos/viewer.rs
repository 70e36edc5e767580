use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use http::StatusCode;
use protocol::{Event, Follower, Snapshot, Step};
use test_support::{EventStream, sse::Message};
use tokio::time::{sleep, timeout};

use super::{
    stage::{Seen, Stage},
    tally::Broken,
};

/// How long anything that is followed may take to come to its end.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Longest pause before a reconnect in milliseconds.
const PAUSE_MS: u64 = 60;

/// Follows one generation after another, each to its end.
pub(super) async fn play(stage: Stage, mut dice: fastrand::Rng) {
    while !stage.is_closed() {
        match stage.any(&mut dice) {
            Some(id) => follow(&stage, id, &mut dice).await,
            None => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Follows a generation to its end through whatever happens, and keeps what was seen.
pub(super) async fn follow(stage: &Stage, id: String, dice: &mut fastrand::Rng) {
    let mut viewing = Viewing::new(stage, id);
    let ended = timeout(PATIENCE, viewing.until_ended(dice)).await.is_ok();
    if !ended {
        stage.tally.broken(Broken::Hanging, || {
            format!("{} stands at {}", viewing.seen.id, viewing.follower.cursor())
        });
    }
    stage.tally.viewing();
    viewing.seen.document = ended.then(|| viewing.follower.document().clone());
    stage.keep(viewing.seen);
}

/// The hash by which an event's bytes are compared.
pub(super) fn hash(wire: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    wire.hash(&mut hasher);
    hasher.finish()
}

struct Viewing<'a> {
    stage: &'a Stage,
    follower: Follower,
    seen: Seen,
}

impl<'a> Viewing<'a> {
    fn new(stage: &'a Stage, id: String) -> Self {
        let seen = Seen { id, events: Vec::new(), document: None };
        Self { stage, follower: Follower::default(), seen }
    }

    async fn until_ended(&mut self, dice: &mut fastrand::Rng) {
        while !self.follower.is_ended() {
            if let Some(mut stream) = self.connect().await {
                self.read(&mut stream).await;
            }
            if !self.follower.is_ended() {
                self.stage.tally.reconnect();
                sleep(Duration::from_millis(dice.u64(..PAUSE_MS))).await;
            }
        }
    }

    /// A stream from the cursor on, when there is a server that answers.
    async fn connect(&mut self) -> Option<EventStream> {
        let path = format!("/api/generations/{}/events", self.seen.id);
        let cursor = self.follower.cursor().to_string();
        let after = [("last-event-id", cursor.as_str())];
        let stream = self.stage.client.try_open(&path, &after).await.ok()?;
        match stream.status() {
            StatusCode::OK => return Some(stream),
            // These say that the log does not hold, or never held, what was seen of it.
            StatusCode::BAD_REQUEST | StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => {
                let status = stream.status();
                let trouble = || format!("{status} to {path} after {cursor}");
                self.stage.tally.broken(Broken::Lost, trouble);
                sleep(Duration::from_secs(1)).await;
            }
            _ => {}
        }
        None
    }

    async fn read(&mut self, stream: &mut EventStream) {
        while !self.follower.is_ended() {
            match stream.advance().await {
                Ok(Some(message)) => self.take(&message).await,
                Ok(None) if !stream.is_broken() => {
                    let trouble = || format!("{} at {}", self.seen.id, self.follower.cursor());
                    self.stage.tally.broken(Broken::EndedEarly, trouble);
                    return;
                }
                Ok(None) | Err(_) => return,
            }
        }
    }

    async fn take(&mut self, message: &Message) {
        let Message { id, event: name, data, .. } = message;
        let wire = format!("id: {id}\nevent: {name}\ndata: {data}\n\n");
        self.seen.events.push((message.number(), hash(&wire)));
        self.stage.tally.event();
        let Ok(event) = Event::decode(name, data) else {
            self.stage.tally.broken(Broken::Lost, || format!("{}: {wire:?}", self.seen.id));
            return;
        };
        match self.follower.take(message.number(), &event) {
            Step::Applied => {}
            Step::Repeated => {
                let trouble = || format!("{} at {}", self.seen.id, self.follower.cursor());
                self.stage.tally.broken(Broken::Repeated, trouble);
            }
            Step::Lost => {
                self.stage.tally.broken(Broken::Resynced, || format!("{}: {wire}", self.seen.id));
                self.resync().await;
            }
        }
    }

    async fn resync(&mut self) {
        let path = format!("/api/generations/{}", self.seen.id);
        let request =
            self.stage.client.request(http::Method::GET, &path).body(test_support::whole(""));
        let Ok(request) = request else { return };
        let Ok(answer) = self.stage.client.try_send(request).await else { return };
        if let Ok(snapshot) = serde_json::from_slice::<Snapshot>(&answer.body) {
            self.follower.restart(snapshot);
        }
    }
}
