use js_sys::{Function, Object, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// A place in the queue for one of the browser's locks (Web Locks API), and the lock itself once
/// it is granted. Dropping it gives up either; so does closing the tab.
///
/// `web-sys` counts this API among the unstable ones, so it is called by name.
pub(super) struct Lock {
    queued: AbortController,
    release: Option<Function>,
}

impl Lock {
    /// Queues for the lock of this name. None where there are no locks: browsers give them to
    /// secure contexts only, to which plain HTTP in a local network does not belong. Where they
    /// are there but not to be had, `refused` is told.
    pub(super) fn request(
        name: &str,
        granted: impl Fn() + 'static,
        refused: impl FnOnce() + 'static,
    ) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let queued = AbortController::new().ok()?;
        let signal = queued.signal();
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &signal).ok()?;
        // The lock is held until this promise is kept.
        let mut release = None;
        let held = Promise::new(&mut |keep, _| release = Some(keep));
        let left = signal.clone();
        let callback = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_| {
            if !signal.aborted() {
                granted();
            }
            held.clone()
        });
        let answer = request.call3(&locks, &name.into(), &options, callback.as_ref()).ok()?;
        spawn_local(async move {
            let answer = JsFuture::from(answer.unchecked_into::<Promise>()).await;
            // It fails, too, when the queue is left.
            if answer.is_err() && !left.aborted() {
                refused();
            }
            drop(callback);
        });
        Some(Self { queued, release })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.queued.abort();
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}
