use std::time::Duration;

use leptos::{
    leptos_dom::helpers::{AnimationFrameRequestHandle, IntervalHandle, WindowListenerHandle},
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

/// Calls before the next frame is painted, unless it is dropped before.
pub(crate) struct Frame(AnimationFrameRequestHandle);

impl Frame {
    pub(crate) fn request(call: impl FnOnce() + 'static) -> Option<Self> {
        request_animation_frame_with_handle(call).ok().map(Self)
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.cancel();
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
