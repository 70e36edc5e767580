use crate::browser;

/// Where the draft of a conversation is stored; that of a new one has no id.
fn key(conversation_id: &str) -> String {
    format!("unspool-chat-draft-{conversation_id}")
}

/// What was written and not sent.
pub(crate) fn stored(conversation_id: &str) -> String {
    let stored = || browser::local()?.get_item(&key(conversation_id)).ok()?;
    stored().unwrap_or_default()
}

/// Stores what was written and not sent.
pub(crate) fn store(conversation_id: &str, text: &str) {
    let Some(storage) = browser::local() else { return };
    let key = key(conversation_id);
    if text.is_empty() || storage.set_item(&key, text).is_err() {
        // Without a draft the reader is better off than with an old one.
        let _ = storage.remove_item(&key);
    }
}
