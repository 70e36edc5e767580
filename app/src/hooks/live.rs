use std::{cell::RefCell, rc::Rc};

use leptos::{html, prelude::*};
use protocol::Snapshot;

use super::{
    guards::{Ticker, Timer},
    live_view::LiveView,
    pane::Pane,
    panes::Panes,
    progress_rule::ProgressRule,
};
use crate::{browser, follow::Driver, generation_view::GenerationView};

/// How often the clock is read while a generation runs, in milliseconds.
const TICK_MS: u64 = 200;

/// Where a generation is followed from.
#[derive(Clone)]
pub(crate) struct Start {
    pub(crate) snapshot: Snapshot,
    /// When the reader started it, if this page did that, in milliseconds since the Unix epoch.
    pub(crate) begun_ms: Option<f64>,
}

/// Follows a running generation for as long as the view lives that calls this.
///
/// Signals of `run` change now and then; text goes straight into the panes' elements, at most
/// twenty times a second. `rule` is drawn to the height of `fields`.
pub(crate) fn use_live(
    run: GenerationView,
    start: Start,
    fields: NodeRef<html::Div>,
    rule: NodeRef<html::Div>,
) {
    Effect::new(move |_| {
        let nodes = (run.title.node.get(), run.summary.node.get(), run.reasoning.node.get());
        let ruled = fields.get().zip(rule.get());
        let ((Some(title), Some(summary), Some(reasoning)), Some((fields, rule))) = (nodes, ruled)
        else {
            return;
        };
        let pane = |root: web_sys::HtmlDivElement, text: StoredValue<String>| {
            text.with_value(|text| Pane::adopt(root.into(), text))
        };
        let panes = Panes {
            title: pane(title, run.title.text),
            summary: pane(summary, run.summary.text),
            reasoning: pane(reasoning, run.reasoning.text),
        };
        let rule = ProgressRule::along(fields.into(), rule.into());
        let view = LiveView::new(run, &start, panes, rule);
        // Dropped with the effect's owner.
        StoredValue::new_local(follow(start.snapshot.clone(), view));
    });
}

/// Shows what comes in `view`, until what this returns is dropped.
fn follow(snapshot: Snapshot, view: LiveView) -> (Driver, Option<Ticker>) {
    let view = Rc::new(RefCell::new(view));
    let clock = view.clone();
    let ticker = Ticker::every(TICK_MS, move || clock.borrow_mut().tick());
    let driver = Driver::follow(snapshot, move |change, snapshot| {
        view.borrow_mut().show(change, snapshot);
        paint(&view);
    });
    (driver, ticker)
}

/// Plans to write what has arrived, unless that is planned; at once when no frame will come.
fn paint(view: &Rc<RefCell<LiveView>>) {
    let mut shown = view.borrow_mut();
    if browser::is_hidden() {
        shown.flush();
    } else if shown.planned.is_none() && !shown.is_over() {
        let weak = Rc::downgrade(view);
        shown.planned = Timer::frame_after(shown.rest_ms(), move || {
            if let Some(view) = weak.upgrade() {
                view.borrow_mut().flush();
            }
        });
    }
}
