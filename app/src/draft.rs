//! What the reader writes, kept while the tab lives.

use crate::browser;

const KEY: &str = "unspool-draft";
/// Longer drafts are not kept: writing them would make typing lag.
const LIMIT_BYTES: usize = 512 * 1024;

pub(crate) fn keep(text: &str) {
    if let Some(session) = browser::session() {
        let _ = if text.len() > LIMIT_BYTES {
            session.remove_item(KEY)
        } else {
            session.set_item(KEY, text)
        };
    }
}

pub(crate) fn kept() -> Option<String> {
    browser::session()?.get_item(KEY).ok()?
}
