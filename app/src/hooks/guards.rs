use std::time::Duration;

use leptos::{
    leptos_dom::helpers::{
        AnimationFrameRequestHandle, IntervalHandle, TimeoutHandle, WindowListenerHandle,
    },
    prelude::*,
};

/// Calls again and again until it is dropped.
pub(crate) struct Ticker(IntervalHandle);

impl Ticker {
    /// None when the browser has no timers left to give.
    pub(crate) fn every(period_ms: u64, call: impl Fn() + 'static) -> Option<Self> {
        set_interval_with_handle(call, Duration::from_millis(period_ms)).ok().map(Self)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.clear();
    }
}

/// Calls once, unless it is dropped before.
pub(crate) enum Timer {
    /// Before the next frame is painted.
    Frame(AnimationFrameRequestHandle),
    /// After a while.
    Timeout(TimeoutHandle),
}

impl Timer {
    /// Calls before the next frame that is at least `wait_ms` away.
    pub(crate) fn frame_after(wait_ms: f64, call: impl FnOnce() + 'static) -> Option<Self> {
        if wait_ms <= 0.0 {
            return request_animation_frame_with_handle(call).ok().map(Self::Frame);
        }
        Self::after(wait_ms, call)
    }

    /// Calls after so many milliseconds.
    pub(crate) fn after(wait_ms: f64, call: impl FnOnce() + 'static) -> Option<Self> {
        let wait = Duration::from_secs_f64(wait_ms / 1000.0);
        set_timeout_with_handle(call, wait).ok().map(Self::Timeout)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        match self {
            Self::Frame(handle) => handle.cancel(),
            Self::Timeout(handle) => handle.clear(),
        }
    }
}

/// Listens to an event of the window until it is dropped.
pub(crate) struct Listener(Option<WindowListenerHandle>);

impl Listener {
    pub(crate) fn on(event: &str, call: impl Fn(web_sys::Event) + 'static) -> Self {
        Self(Some(window_event_listener_untyped(event, call)))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.remove();
        }
    }
}
