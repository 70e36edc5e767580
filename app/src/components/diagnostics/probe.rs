use leptos::{prelude::*, task::spawn_local};

use super::{
    feed::{Feed, FeedUpdate, NumberedEvent},
    health,
};
use crate::{
    browser::clock_ms,
    diagnostics::{Cause, Phase, Plan, ReceivedEvent, Trial},
    hooks::{Backoff, Ticker},
};

/// How often the page looks for silence, and whether it is time to connect again.
const REST_MS: u64 = 500;

/// A cheap handle to the trial and its connection.
#[derive(Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) trial: RwSignal<Trial>,
    /// Milliseconds since the trial began, as of the last tick or event.
    pub(crate) now_ms: RwSignal<f64>,
    began_ms: StoredValue<f64>,
    feed: StoredValue<Option<Feed>, LocalStorage>,
    backoff: StoredValue<Backoff>,
    /// When to connect again, in milliseconds since the trial began.
    retry_ms: StoredValue<Option<f64>>,
    ticker: StoredValue<Option<Ticker>, LocalStorage>,
}

impl Probe {
    pub(crate) fn new() -> Self {
        Self {
            trial: RwSignal::default(),
            now_ms: RwSignal::new(0.0),
            began_ms: StoredValue::new(0.0),
            feed: StoredValue::new_local(None),
            backoff: StoredValue::default(),
            retry_ms: StoredValue::new(None),
            ticker: StoredValue::new_local(None),
        }
    }

    /// The probe in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    pub(crate) fn start(self, plan: Plan) {
        self.began_ms.set_value(clock_ms());
        self.now_ms.set(0.0);
        self.trial.set(Trial::of(plan));
        self.backoff.set_value(Backoff::default());
        self.ticker.set_value(Ticker::every(REST_MS, move || self.tick()));
        self.open();
    }

    pub(crate) fn stop(self) {
        self.close();
        self.trial.update(|trial| trial.phase = Phase::Over);
    }

    /// Ends the connection on purpose, and opens another that continues after the last event.
    pub(crate) fn cut(self) {
        self.look_at_clock();
        self.feed.set_value(None);
        let now_ms = self.now_ms.get_untracked();
        self.trial.update(|trial| trial.broke(Cause::Reader, now_ms));
        self.open();
    }

    fn open(self) {
        self.retry_ms.set_value(None);
        let (plan, after) = self.trial.with_untracked(|trial| (trial.plan.clone(), trial.cursor()));
        self.feed.set_value(Feed::open(&plan, after, move |update| self.apply(update)));
    }

    fn close(self) {
        self.feed.set_value(None);
        self.ticker.set_value(None);
        self.retry_ms.set_value(None);
    }

    fn apply(self, update: FeedUpdate) {
        self.look_at_clock();
        match update {
            FeedUpdate::Arrived(event) => self.arrived(event),
            FeedUpdate::Done => self.stop(),
            FeedUpdate::Lost => self.lost(),
        }
    }

    /// Asks whether the server can be reached, and connects again later unless that has become
    /// useless.
    fn lost(self) {
        self.feed.set_value(None);
        let now_ms = self.now_ms.get_untracked();
        self.trial.update(|trial| trial.broke(Cause::Unknown, now_ms));
        let began_ms = self.began_ms.get_value();
        spawn_local(async move {
            let is_there = health::is_there().await;
            // The reader may have stopped, started another trial or left meanwhile.
            let is_same = self.began_ms.try_get_value() == Some(began_ms);
            if !is_same || !self.trial.with_untracked(Trial::runs) {
                return;
            }
            self.look_at_clock();
            let now_ms = self.now_ms.get_untracked();
            if self.trial.try_update(|trial| trial.learned(is_there, now_ms)) != Some(true) {
                return self.close();
            }
            let mut backoff = self.backoff.get_value();
            let wait_ms = backoff.next_ms(js_sys::Math::random());
            self.backoff.set_value(backoff);
            if self.feed.with_value(Option::is_none) {
                self.retry_ms.set_value(Some(now_ms + wait_ms));
            }
        });
    }

    fn arrived(self, NumberedEvent { id, message, timestamp }: NumberedEvent) {
        let at_ms = self.now_ms.get_untracked();
        let sent_ms = timestamp * 1_000.0;
        self.backoff.update_value(Backoff::reset);
        self.trial.update(|trial| {
            trial.arrivals.push(ReceivedEvent { number: id, text: message, sent_ms, at_ms });
        });
    }

    fn tick(self) {
        self.look_at_clock();
        let now_ms = self.now_ms.get_untracked();
        if self.retry_ms.get_value().is_some_and(|retry_ms| retry_ms <= now_ms) {
            self.open();
        }
    }

    fn look_at_clock(self) {
        self.now_ms.set(clock_ms() - self.began_ms.get_value());
    }
}
