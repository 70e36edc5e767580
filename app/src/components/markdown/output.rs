/// Where elements are written to.
pub(super) trait Output {
    /// Begins an element. Attributes with the value `None` are left out.
    fn open(&mut self, tag: &'static str, attributes: &[(&'static str, Option<&str>)]);

    /// Writes text into the element that is open.
    fn text(&mut self, text: &str);

    /// Ends the element that is open, which is a `tag`.
    fn close(&mut self, tag: &'static str);
}
