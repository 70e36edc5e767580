use std::fmt::Write as _;

use memchr::memchr2;

/// Where the parser is, as a JSON Pointer (RFC 6901) that is extended and cut in place, and the
/// objects and arrays open around it.
#[derive(Debug, Default)]
pub(crate) struct Pointer {
    text: String,
    open: Vec<Container>,
}

#[derive(Debug)]
struct Container {
    /// Length of the container's own pointer.
    length: usize,
    /// Index of the item that comes next, for an array.
    next_item: Option<u64>,
}

impl Pointer {
    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn in_array(&self) -> bool {
        self.open.last().is_some_and(|container| container.next_item.is_some())
    }

    pub(crate) fn enter_object(&mut self) {
        self.open.push(Container { length: self.text.len(), next_item: None });
    }

    pub(crate) fn enter_array(&mut self) {
        self.open.push(Container { length: self.text.len(), next_item: Some(0) });
    }

    /// Points at the container that ends here.
    pub(crate) fn leave(&mut self) {
        if let Some(container) = self.open.pop() {
            self.text.truncate(container.length);
        }
    }

    /// Points at the next item, if the innermost container is an array.
    pub(crate) fn begin_item(&mut self) {
        if let Some(Container { length, next_item: Some(index) }) = self.open.last_mut() {
            self.text.truncate(*length);
            // Writing to a string cannot fail.
            let _ = write!(self.text, "/{index}");
            *index += 1;
        }
    }

    /// Points at a key that is yet to be read.
    pub(crate) fn begin_key(&mut self) {
        if let Some(container) = self.open.last() {
            self.text.truncate(container.length);
            self.text.push('/');
        }
    }

    /// Adds more of the key.
    pub(crate) fn extend_key(&mut self, mut part: &str) {
        while let Some(at) = memchr2(b'~', b'/', part.as_bytes()) {
            let escaped = if part.as_bytes()[at] == b'~' { "~0" } else { "~1" };
            self.text.push_str(&part[..at]);
            self.text.push_str(escaped);
            part = &part[at + 1..];
        }
        self.text.push_str(part);
    }

    /// Bytes of the key so far, escaped.
    pub(crate) fn key_bytes(&self) -> usize {
        let length = self.open.last().map_or(0, |container| container.length + 1);
        self.text.len().saturating_sub(length)
    }
}
