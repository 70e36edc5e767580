use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    backoff::Backoff,
    guards::{Listener, Timer},
};
use crate::api_error::ApiError;

/// Asks again for what could not be loaded: the later the more often that fails, and at once when
/// the browser is online again.
pub(crate) fn use_retry<T>(loaded: Resource<Result<T, ApiError>>)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let backoff = StoredValue::new(Backoff::default());
    Effect::new(move |_| {
        let failed = loaded.with(|loaded| match loaded {
            Some(Err(fault)) => !fault.is_not_found(),
            _ => false,
        });
        if !failed {
            return backoff.update_value(Backoff::reset);
        }
        let wait_ms = backoff.try_update_value(|all| all.next_ms(js_sys::Math::random()));
        let again = move || loaded.refetch();
        // Dropped when this runs again.
        StoredValue::new_local(Timer::after(wait_ms.unwrap_or_default(), again));
        StoredValue::new_local(Listener::on("online", move |_| again()));
    });
}
