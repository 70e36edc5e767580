use web_sys::KeyboardEvent;

/// The code of keys that an input method uses (UI Events, section 7.3.1). Some browsers end the
/// composition before they send the key, so `is_composing` is not enough.
const COMPOSING: u32 = 229;

/// Whether a key belongs to an input method, which composes with it.
pub(crate) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == COMPOSING
}
