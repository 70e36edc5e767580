use std::{cell::RefCell, rc::Rc};

use leptos::{html, prelude::*};
use protocol::Snapshot;

use super::{
    guards::{Ticker, Timer},
    live_view::LiveView,
    progress_rule::ProgressRule,
};
use crate::{browser, follow::Driver, generation_view::GenerationView};

/// How often the clock is read while a generation runs, in milliseconds.
const TICK_MS: u64 = 200;

/// Follows a running generation for as long as the view lives that calls this. The reader started
/// it at `begun_ms`, in milliseconds since the Unix epoch, if this page did that.
///
/// Signals of `run` change now and then; text goes straight into the panes' elements, at most
/// twenty times a second. `rule` is drawn to the height of `fields`.
pub(crate) fn use_live(
    run: GenerationView,
    begun_ms: Option<f64>,
    fields: NodeRef<html::Div>,
    rule: NodeRef<html::Div>,
) {
    Effect::new(move |_| {
        let (Some(fields), Some(rule)) = (fields.get(), rule.get()) else { return };
        let Some(snapshot) = run.read(Snapshot::clone) else { return };
        let rule = ProgressRule::along(fields.into(), rule.into());
        follow(run, snapshot.clone(), LiveView::new(run, &snapshot, begun_ms, rule));
    });
}

/// Shows what comes in `view`, until the current owner is disposed of.
fn follow(run: GenerationView, snapshot: Snapshot, view: LiveView) {
    let view = Rc::new(RefCell::new(view));
    let clock = view.clone();
    StoredValue::new_local(Ticker::every(TICK_MS, move || clock.borrow_mut().tick()));
    let driver = Driver::follow(snapshot, move |change, snapshot| {
        view.borrow_mut().show(change, snapshot);
        paint(run, &view, snapshot);
    });
    run.follow(StoredValue::new_local(driver));
}

/// Plans to write what has arrived, unless that is planned; at once when no frame will come.
fn paint(run: GenerationView, view: &Rc<RefCell<LiveView>>, snapshot: &Snapshot) {
    let is_hidden = browser::is_hidden();
    let mut shown = view.borrow_mut();
    if is_hidden {
        shown.flush(snapshot);
    }
    // A new field has its element before the next task, and may have been without it until now.
    if shown.planned.is_none() && shown.has_grown() {
        let weak = Rc::downgrade(view);
        let write = move || {
            if let Some(view) = weak.upgrade() {
                run.read(|snapshot| view.borrow_mut().flush(snapshot));
            }
        };
        let rest_ms = shown.rest_ms();
        shown.planned =
            if is_hidden { Timer::after(0.0, write) } else { Timer::frame_after(rest_ms, write) };
    }
}
