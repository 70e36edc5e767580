use leptos::prelude::*;

use super::feed::{Feed, Numeral, Turn};
use crate::{
    diagnostics::{Arrival, Phase, Plan, Trial},
    hooks::Ticker,
};

/// How often silence is noticed, and a lost connection tried again.
const REST_MS: u64 = 500;

/// The trial that is running, and its connection. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) trial: RwSignal<Trial>,
    /// Milliseconds since the trial began, to the last tick or message.
    pub(crate) now_ms: RwSignal<f64>,
    began_ms: StoredValue<f64>,
    feed: StoredValue<Option<Feed>, LocalStorage>,
    ticker: StoredValue<Option<Ticker>, LocalStorage>,
}

impl Probe {
    pub(crate) fn new() -> Self {
        Self {
            trial: RwSignal::default(),
            now_ms: RwSignal::new(0.0),
            began_ms: StoredValue::new(0.0),
            feed: StoredValue::new_local(None),
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
        self.ticker.set_value(Ticker::every(REST_MS, move || self.tick()));
        self.open();
    }

    pub(crate) fn stop(self) {
        self.close();
        self.trial.update(|trial| trial.phase = Phase::Over);
    }

    /// Ends the connection in the middle, and opens another that goes on where it was.
    pub(crate) fn cut(self) {
        self.feed.set_value(None);
        self.trial.update(|trial| {
            trial.broke(true);
        });
        self.open();
    }

    fn open(self) {
        let (plan, after) = self.trial.with_untracked(|trial| (trial.plan.clone(), trial.cursor()));
        self.feed.set_value(Feed::open(&plan, after, move |turn| self.take(turn)));
    }

    fn close(self) {
        self.feed.set_value(None);
        self.ticker.set_value(None);
    }

    fn take(self, turn: Turn) {
        self.look_at_clock();
        match turn {
            Turn::Arrived(numeral) => self.arrived(numeral),
            Turn::Done => self.stop(),
            Turn::Lost => {
                self.feed.set_value(None);
                let goes_on = self.trial.try_update(|trial| trial.broke(false));
                if goes_on != Some(true) {
                    self.close();
                }
            }
        }
    }

    fn arrived(self, Numeral { id, message, timestamp }: Numeral) {
        let at_ms = self.now_ms.get_untracked();
        let sent_ms = timestamp * 1_000.0;
        self.trial.update(|trial| {
            trial.arrivals.push(Arrival { number: id, text: message, sent_ms, at_ms });
        });
    }

    fn tick(self) {
        self.look_at_clock();
        if self.feed.with_value(Option::is_none) {
            self.open();
        }
    }

    fn look_at_clock(self) {
        self.now_ms.set(clock_ms() - self.began_ms.get_value());
    }
}

/// Milliseconds of a clock that nobody sets.
fn clock_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
