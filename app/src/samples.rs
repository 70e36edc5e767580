//! Texts to try the page with.

pub(crate) const EN: &str = include_str!("samples/en.txt");
pub(crate) const ZH: &str = include_str!("samples/zh.txt");

/// Whether `text` is a sample that nobody has changed.
pub(crate) fn is_one(text: &str) -> bool {
    text == EN || text == ZH
}
