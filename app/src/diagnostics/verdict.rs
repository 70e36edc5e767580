use super::trial::{ReceivedEvent, Trial};

/// Nobody notices a delay shorter than this, in milliseconds.
pub(super) const LATE_MS: f64 = 250.0;

/// Silence before an event is suspicious when it is longer than this, in milliseconds.
const LONG_MS: f64 = 4_000.0;

/// Two events count as arriving together when the time between their arrivals is less than this
/// part of the time between their departures.
const TOGETHER: f64 = 0.25;

/// Events are being collected somewhere when one in this many arrives together with the one before.
const COLLECTED: usize = 3;

/// What the trial says about the connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Events arrive as they are sent.
    Fine { late_ms: f64 },
    /// Events arrive one by one, though not evenly.
    Uneven { late_ms: f64 },
    /// Something collects events and passes them on in lots.
    HeldBack { late_ms: f64 },
    /// The connection ended before the stream was complete. `whole`: all events have arrived in the
    /// end.
    CutOff { after: u64, total: u64, whole: bool },
    /// An event is missing, or arrived twice.
    Leapt { due: u64, came: u64 },
    /// No event has arrived.
    Silent { ms: f64 },
    /// No more events arrive, though the connection is open.
    Stalled { after: u64, ms: f64 },
    /// The server cannot be reached. `waits`: the page still tries.
    Away { after: u64, waits: bool },
    /// The server could not be reached for a while, and the stream continued afterwards.
    Returned { after: u64 },
    /// One event alone does not show a pace.
    TooFew,
}

/// The verdict so far; none while there is nothing to say.
///
/// The clocks of server and browser need not agree, because only differences between delays count.
pub(crate) fn judge(trial: &Trial, now_ms: f64) -> Option<Verdict> {
    if let Some((due, came)) = trial.leap() {
        return Some(Verdict::Leapt { due, came });
    }
    if trial.is_asking() {
        return None;
    }
    if trial.is_away() {
        return Some(Verdict::Away { after: trial.cursor(), waits: trial.runs() });
    }
    if trial.arrivals.is_empty() { of_silence(trial, now_ms) } else { of_stream(trial, now_ms) }
}

/// The verdict when no event has arrived.
fn of_silence(trial: &Trial, now_ms: f64) -> Option<Verdict> {
    let has_waited = trial.runs() && trial.silence_ms(now_ms) > LONG_MS + trial.plan.delay_ms;
    let in_vain = !trial.runs() && !trial.breaks.is_empty();
    (has_waited || in_vain).then_some(Verdict::Silent { ms: now_ms })
}

/// The verdict when some events have arrived.
fn of_stream(trial: &Trial, now_ms: f64) -> Option<Verdict> {
    let total = trial.plan.count;
    if let Some(after) = trial.cut_off() {
        let whole = trial.cursor() == total;
        return Some(Verdict::CutOff { after: after as u64, total, whole });
    }
    let silence_ms = trial.silence_ms(now_ms);
    if trial.cursor() < total && silence_ms > LONG_MS + trial.plan.delay_ms {
        return Some(Verdict::Stalled { after: trial.cursor(), ms: silence_ms });
    }
    if let Some(after) = trial.absence() {
        return Some(Verdict::Returned { after: after as u64 });
    }
    of_pace(trial)
}

fn of_pace(trial: &Trial) -> Option<Verdict> {
    let arrivals = &trial.arrivals;
    if arrivals.len() < 2 {
        return (!trial.runs()).then_some(Verdict::TooFew);
    }
    let late_ms = late_ms(arrivals);
    Some(if late_ms < LATE_MS {
        Verdict::Fine { late_ms }
    } else if together(arrivals) * COLLECTED >= arrivals.len() - 1 {
        Verdict::HeldBack { late_ms }
    } else {
        Verdict::Uneven { late_ms }
    })
}

/// How much longer the slowest event took than the fastest.
fn late_ms(arrivals: &[ReceivedEvent]) -> f64 {
    let ways = arrivals.iter().map(|arrival| arrival.at_ms - arrival.sent_ms);
    let (least, most) = ways.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), way| {
        (way.min(least), way.max(most))
    });
    most - least
}

/// How many events arrived together with the one before them.
fn together(arrivals: &[ReceivedEvent]) -> usize {
    let pairs = arrivals.windows(2);
    pairs
        .filter(|pair| {
            let [one, next] = pair else { return false };
            next.at_ms - one.at_ms < TOGETHER * (next.sent_ms - one.sent_ms)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::trial::{Cause, Phase, Plan};

    /// Clocks that are two years apart.
    const OFFSET_MS: f64 = 63_072_000_000.0;

    /// Events that were sent every 200 ms and took these times to arrive.
    fn trial(ways_ms: &[f64]) -> Trial {
        let mut sent_ms = 0.0;
        let arrivals = (1..).zip(ways_ms).map(|(number, way_ms)| {
            let at_ms = sent_ms + way_ms;
            let sent = sent_ms + OFFSET_MS;
            sent_ms += 200.0;
            ReceivedEvent { number, text: String::new(), sent_ms: sent, at_ms }
        });
        let arrivals: Vec<_> = arrivals.collect();
        let plan = Plan { count: arrivals.len() as u64, ..Plan::default() };
        Trial { plan, phase: Phase::Over, arrivals, breaks: Vec::new() }
    }

    fn verdict(ways_ms: &[f64]) -> Verdict {
        judge(&trial(ways_ms), 0.0).unwrap()
    }

    #[test]
    fn messages_that_come_as_they_are_sent_are_fine_however_far_the_clocks_are_apart() {
        assert_eq!(verdict(&[40.0, 42.0, 40.0, 52.0]), Verdict::Fine { late_ms: 12.0 });
        assert_eq!(verdict(&[900.0, 901.0]), Verdict::Fine { late_ms: 1.0 });
    }

    #[test]
    fn messages_that_all_come_at_the_end_were_held_back() {
        let ways = [1_400.0, 1_200.0, 1_000.0, 800.0, 600.0, 400.0, 200.0, 0.0];
        assert_eq!(verdict(&ways), Verdict::HeldBack { late_ms: 1_400.0 });
    }

    #[test]
    fn messages_that_come_in_heaps_were_held_back() {
        let ways = [400.0, 200.0, 0.0, 400.0, 200.0, 0.0, 400.0, 200.0];
        assert_eq!(verdict(&ways), Verdict::HeldBack { late_ms: 400.0 });
    }

    #[test]
    fn a_network_that_stumbles_once_holds_nothing_back() {
        let ways = [5.0, 5.0, 405.0, 205.0, 5.0, 5.0, 5.0, 5.0];
        assert_eq!(verdict(&ways), Verdict::Uneven { late_ms: 400.0 });
    }

    #[test]
    fn messages_that_become_later_one_by_one_are_not_held_back() {
        assert_eq!(verdict(&[0.0, 100.0, 200.0, 300.0]), Verdict::Uneven { late_ms: 300.0 });
    }

    #[test]
    fn a_line_that_breaks_by_itself_is_told_and_one_that_the_reader_cuts_is_not() {
        let mut cut = trial(&[5.0; 4]);
        cut.broke(Cause::Reader, 0.0);
        assert!(matches!(judge(&cut, 0.0), Some(Verdict::Fine { .. })));
        cut.plan.count = 8;
        cut.broke(Cause::Unknown, 0.0);
        assert_eq!(judge(&cut, 0.0), None);
        cut.learned(true, 0.0);
        let expected = Verdict::CutOff { after: 4, total: 8, whole: false };
        assert_eq!(judge(&cut, 0.0), Some(expected));
    }

    #[test]
    fn silence_is_told_when_it_is_long_or_final() {
        let mut trial = Trial::of(Plan::default());
        assert_eq!(judge(&trial, 1_000.0), None);
        assert_eq!(judge(&trial, 9_000.0), Some(Verdict::Silent { ms: 9_000.0 }));
        for _ in 0..3 {
            trial.broke(Cause::Unknown, 9_000.0);
            trial.learned(true, 9_000.0);
        }
        assert_eq!(judge(&trial, 1_000.0), Some(Verdict::Silent { ms: 1_000.0 }));
        assert_eq!(judge(&Trial::default(), 9_000.0), None);
    }

    #[test]
    fn a_stream_that_ceases_is_told_and_one_that_is_whole_is_not() {
        let mut trial = trial(&[5.0; 4]);
        trial.phase = Phase::Running;
        assert!(matches!(judge(&trial, 60_000.0), Some(Verdict::Fine { .. })));
        trial.plan.count = 20;
        assert!(matches!(judge(&trial, 4_000.0), Some(Verdict::Fine { .. })));
        let expected = Some(Verdict::Stalled { after: 4, ms: 6_000.0 });
        assert_eq!(judge(&trial, 6_605.0), expected);
        trial.phase = Phase::Over;
        assert_eq!(judge(&trial, 6_605.0), expected);
    }

    #[test]
    fn a_server_that_is_away_is_told_from_a_way_that_cuts() {
        let mut trial = trial(&[5.0; 4]);
        trial.phase = Phase::Running;
        trial.plan.count = 8;
        let more = trial.arrivals[3].clone();
        trial.broke(Cause::Unknown, 1_000.0);
        trial.learned(false, 1_000.0);
        assert_eq!(judge(&trial, 9_000.0), Some(Verdict::Away { after: 4, waits: true }));
        trial.arrivals.push(ReceivedEvent { number: 5, at_ms: 9_000.0, ..more });
        assert_eq!(judge(&trial, 9_000.0), Some(Verdict::Returned { after: 4 }));
        trial.broke(Cause::Unknown, 9_000.0);
        trial.learned(true, 9_000.0);
        assert!(matches!(judge(&trial, 9_000.0), Some(Verdict::CutOff { after: 5, .. })));
    }

    #[test]
    fn a_missing_number_and_a_lone_one_are_told() {
        let mut leapt = trial(&[5.0; 3]);
        leapt.arrivals.remove(1);
        assert_eq!(judge(&leapt, 0.0), Some(Verdict::Leapt { due: 2, came: 3 }));
        assert_eq!(verdict(&[5.0]), Verdict::TooFew);
    }
}
