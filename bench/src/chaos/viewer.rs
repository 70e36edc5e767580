use std::time::Duration;

use http::StatusCode;
use protocol::{Event, Follower, Snapshot, Step};
use test_support::{EventStream, sse::Message};
use tokio::time::{sleep, timeout};

use super::{received::Received, run::Run, tally::Violation};

/// How long a viewer may take to reach the end of a generation.
pub(super) const DEADLINE: Duration = Duration::from_secs(60);

/// The longest pause before a reconnect in milliseconds.
const PAUSE_MS: u64 = 60;

/// Follows one generation after another, each to its end.
pub(super) async fn view_repeatedly(run: Run, mut rng: fastrand::Rng) {
    while !run.is_finishing() {
        match run.pick_recent(&mut rng) {
            Some(id) => follow(&run, id, &mut rng).await,
            None => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Follows a generation to its end, reconnecting as often as needed, and records what it received.
pub(super) async fn follow(run: &Run, id: String, rng: &mut fastrand::Rng) {
    let mut viewing = Viewing::new(run, id);
    let ended = timeout(DEADLINE, viewing.until_ended(rng)).await.is_ok();
    if !ended {
        run.tally.violation(Violation::Hanging, || {
            format!("{} stands at {}", viewing.received.id, viewing.follower.cursor())
        });
    }
    run.tally.viewing();
    viewing.received.document = ended.then(|| viewing.follower.document().clone());
    run.add_received(viewing.received);
}

struct Viewing<'a> {
    run: &'a Run,
    follower: Follower,
    received: Received,
}

impl<'a> Viewing<'a> {
    fn new(run: &'a Run, id: String) -> Self {
        Self { run, follower: Follower::default(), received: Received::new(id) }
    }

    async fn until_ended(&mut self, rng: &mut fastrand::Rng) {
        while !self.follower.is_ended() {
            if let Some(mut stream) = self.connect().await {
                self.read(&mut stream).await;
            }
            if !self.follower.is_ended() {
                self.run.tally.reconnect();
                sleep(Duration::from_millis(rng.u64(..PAUSE_MS))).await;
            }
        }
    }

    /// Opens the stream after the cursor. There is none while the server does not answer.
    async fn connect(&mut self) -> Option<EventStream> {
        let path = format!("/api/generations/{}/events", self.received.id);
        let cursor = self.follower.cursor().to_string();
        let after = [("last-event-id", cursor.as_str())];
        let stream = self.run.client.try_open(&path, &after).await.ok()?;
        match stream.status() {
            StatusCode::OK => return Some(stream),
            // These mean that the server's log lacks events that this viewer has received.
            StatusCode::BAD_REQUEST | StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => {
                let status = stream.status();
                let description = || format!("{status} to {path} after {cursor}");
                self.run.tally.violation(Violation::Lost, description);
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
                    let description =
                        || format!("{} at {}", self.received.id, self.follower.cursor());
                    self.run.tally.violation(Violation::EndedEarly, description);
                    return;
                }
                Ok(None) | Err(_) => return,
            }
        }
    }

    async fn take(&mut self, message: &Message) {
        let Message { event: name, data, .. } = message;
        self.received.push(message);
        self.run.tally.event();
        let Ok(event) = Event::decode(name, data) else {
            self.run
                .tally
                .violation(Violation::Lost, || format!("{}: {message:?}", self.received.id));
            return;
        };
        match self.follower.take(message.number(), &event) {
            Step::Applied => {}
            Step::Repeated => {
                let description = || format!("{} at {}", self.received.id, self.follower.cursor());
                self.run.tally.violation(Violation::Repeated, description);
            }
            Step::Lost => {
                self.run.tally.violation(Violation::Resynced, || {
                    format!("{}: {message:?}", self.received.id)
                });
                self.resync().await;
            }
        }
    }

    async fn resync(&mut self) {
        let path = format!("/api/generations/{}", self.received.id);
        let request =
            self.run.client.request(http::Method::GET, &path).body(test_support::whole(""));
        let Ok(request) = request else { return };
        let Ok(answer) = self.run.client.try_send(request).await else { return };
        if let Ok(snapshot) = serde_json::from_slice::<Snapshot>(&answer.body) {
            self.follower.restart(snapshot);
        }
    }
}
