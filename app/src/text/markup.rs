/// Escapes a text, because Leptos writes a window's title into the page as markup.
pub(crate) fn in_markup(text: String) -> String {
    if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;") } else { text }
}
