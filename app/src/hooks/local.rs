use leptos::{leptos_dom::helpers::is_browser, prelude::*};

/// A value that only the browser has, as it must stay on one thread.
///
/// On the server there is none: a page may be dropped on another thread than it was rendered on.
pub(crate) struct Local<T: 'static>(Option<StoredValue<T, LocalStorage>>);

impl<T> Local<T> {
    pub(crate) fn new(value: impl FnOnce() -> T) -> Self {
        Self(is_browser().then(|| StoredValue::new_local(value())))
    }

    /// What `act` gives for the value; none on the server, and when the view is gone that owned it.
    pub(crate) fn with<U>(self, act: impl FnOnce(&T) -> U) -> Option<U> {
        self.0?.try_with_value(act)
    }

    /// The same with a value that may be changed.
    pub(crate) fn update<U>(self, act: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.0?.try_update_value(act)
    }

    pub(crate) fn set(self, value: T) {
        if let Some(stored) = self.0 {
            stored.try_set_value(value);
        }
    }
}

impl<T> Clone for Local<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Local<T> {}
