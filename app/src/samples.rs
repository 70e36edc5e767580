//! Texts to try the page with.

pub(crate) const EN: &str = include_str!("samples/en.txt");
pub(crate) const ZH: &str = include_str!("samples/zh.txt");

/// The sample of that name in an address, `en` or `zh`.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    match name {
        "en" => Some(EN),
        "zh" => Some(ZH),
        _ => None,
    }
}

/// Whether `text` is a sample that nobody has changed.
pub(crate) fn is_one(text: &str) -> bool {
    text == EN || text == ZH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_markup_as_they_are() {
        // They are written into the page's text box without escapes.
        assert!([EN, ZH].iter().all(|sample| !sample.contains(['<', '&'])));
    }
}
