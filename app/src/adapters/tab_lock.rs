use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// A lock of the browser (Web Locks API), or places in the queues of several locks, of which the first
/// that is granted is kept. Dropping this, or closing the tab, releases the lock or leaves the queues.
///
/// `web-sys` has this API only as an unstable one, so its methods are called by name.
pub(crate) struct TabLock {
    queued: AbortController,
    release: Function,
}

impl TabLock {
    /// Queues for the locks of these names. Returns `None` where the browser has no locks, and calls
    /// `refused` where it does not give them to this page.
    pub(crate) fn request(
        names: &[String],
        granted: impl Fn() + 'static,
        refused: impl Fn() + 'static,
    ) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let queued = AbortController::new().ok()?;
        let signal = queued.signal();
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &signal).ok()?;
        // A lock is held until the promise that its callback returns is resolved.
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let callback = Rc::new(Closure::<dyn Fn(JsValue) -> Promise>::new({
            let queued = queued.clone();
            move |_| {
                if queued.signal().aborted() {
                    return Promise::resolve(&JsValue::UNDEFINED);
                }
                queued.abort();
                granted();
                held.clone()
            }
        }));
        let refused = Rc::new(refused);
        for name in names {
            let answer = request.call3(&locks, &name.into(), &options, callback.as_ref().as_ref());
            let answer = JsFuture::from(answer.ok()?.unchecked_into::<Promise>());
            let (callback, refused, signal) = (callback.clone(), refused.clone(), signal.clone());
            spawn_local(async move {
                // The request also fails when the queue is left, which is no refusal.
                if answer.await.is_err() && !signal.aborted() {
                    refused();
                }
                drop(callback);
            });
        }
        Some(Self { queued, release: release? })
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        self.queued.abort();
        let _ = self.release.call0(&JsValue::NULL);
    }
}
