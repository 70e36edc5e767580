use std::{cell::Cell, rc::Rc};

use crate::{browser, hooks::Timer};

/// A timer that is set anew whenever a machine's deadline moves.
#[derive(Default)]
pub(crate) struct Alarm {
    timer: Cell<Option<Timer>>,
    /// When the timer fires, by the page's clock.
    due_ms: Cell<Option<u64>>,
}

impl Alarm {
    /// Calls at `due_ms` by the page's clock, or not at all. An earlier call is cancelled, unless it
    /// was for the same time.
    pub(crate) fn set(self: &Rc<Self>, due_ms: Option<u64>, call: impl Fn() + 'static) {
        if self.due_ms.replace(due_ms) == due_ms {
            return;
        }
        let timer = due_ms.and_then(|due_ms| {
            let alarm = Rc::downgrade(self);
            #[expect(clippy::cast_precision_loss, reason = "the page's clock is far below 2^53")]
            let wait_ms = (due_ms as f64 - browser::clock_ms()).max(0.0);
            Timer::after(wait_ms, move || {
                if let Some(alarm) = alarm.upgrade() {
                    alarm.due_ms.set(None);
                }
                call();
            })
        });
        self.timer.set(timer);
    }
}
