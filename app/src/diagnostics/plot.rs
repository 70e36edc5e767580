use super::{
    gaps::Gaps,
    trial::{Cause, Trial},
    verdict::LATE_MS,
};

/// Which part of the room for a bar the bar fills.
const FILLED: f64 = 0.7;

/// Bars for the gaps between events, in a square of 100 by 100 whose origin is at the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plot {
    pub(crate) bars: Vec<Bar>,
    /// The height of the gap that the reader asked for.
    pub(crate) asked_y: f64,
    /// Where the reader cut the connection.
    pub(crate) cuts_x: Vec<f64>,
    /// The gap that fills the whole height.
    pub(crate) top_ms: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Whether the gap was noticeably longer than the reader asked for.
    pub(crate) is_late: bool,
}

#[expect(clippy::cast_precision_loss, reason = "at most a hundred messages")]
impl Plot {
    pub(crate) fn of(trial: &Trial) -> Self {
        let Gaps(gaps) = Gaps::of(trial);
        let asked_ms = trial.plan.delay_ms;
        let top_ms = gaps.iter().fold(2.0 * asked_ms, |top, gap| gap.max(top));
        let room = 100.0 / trial.plan.count.max(gaps.len() as u64) as f64;
        let bar = |(index, gap): (usize, &f64)| {
            // An event that came together with another one must still be visible.
            let height = (100.0 * gap / top_ms).max(1.0);
            Bar {
                x: room * (index as f64 + (1.0 - FILLED) / 2.0),
                y: 100.0 - height,
                width: room * FILLED,
                height,
                is_late: *gap > asked_ms + LATE_MS,
            }
        };
        let cuts = trial.breaks.iter().filter(|at| at.cause == Cause::Reader);
        Self {
            bars: gaps.iter().enumerate().map(bar).collect(),
            asked_y: 100.0 - 100.0 * asked_ms / top_ms,
            cuts_x: cuts.map(|cut| room * cut.position as f64).collect(),
            top_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::trial::{Plan, ReceivedEvent};

    #[test]
    fn every_message_has_a_bar_as_high_as_its_gap() {
        let plan = Plan { count: 4, delay_ms: 200.0, ..Plan::default() };
        let mut trial = Trial::of(plan);
        for (number, at_ms) in [(1, 200.0), (2, 1_000.0)] {
            trial.arrivals.push(ReceivedEvent { number, text: String::new(), sent_ms: 0.0, at_ms });
        }
        trial.broke(Cause::Reader, 1_000.0);
        let plot = Plot::of(&trial);
        let heights: Vec<f64> = plot.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [25.0, 100.0]);
        assert_eq!((plot.top_ms, plot.asked_y), (800.0, 75.0));
        assert!(!plot.bars[0].is_late && plot.bars[1].is_late);
        assert_eq!(plot.cuts_x, [50.0]);
        assert!(plot.bars.iter().all(|bar| bar.x > 0.0 && bar.x + bar.width < 50.0));
    }
}
