//! What people paste is often no text by itself: subtitles, the source of a web page, a mail with
//! all that it answers to. The prose in it is what is read.

use std::borrow::Cow;

use super::{html, mail, subtitle};

/// The prose of a text, as plain text or Markdown.
pub(super) fn prose(text: &str) -> Cow<'_, str> {
    let found = subtitle::prose(text).or_else(|| html::prose(text)).or_else(|| mail::prose(text));
    match found {
        Some(prose) if prose.chars().any(char::is_alphanumeric) => Cow::Owned(prose),
        _ => Cow::Borrowed(text),
    }
}
