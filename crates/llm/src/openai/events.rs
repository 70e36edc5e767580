use std::task::{Context, Poll, ready};

use bytes::BytesMut;

use crate::Error;
use crate::http::{Lines, text};

/// What stands in a stream of events, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// An event: its name, which most do without, and its data.
    Event { name: String, data: String },
    /// A line that belongs to no event, as of an error that is sent as bare JSON.
    Stray(String),
}

/// Reads a stream of events (WHATWG HTML, 9.2.6), and keeps the lines that are none of it.
pub(super) struct Events {
    lines: Lines,
    name: String,
    /// The lines of data so far, each with a line feed behind it.
    data: String,
}

impl Events {
    pub(super) fn new(lines: Lines) -> Self {
        Self { lines, name: String::new(), data: String::new() }
    }

    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Item, Error>>> {
        loop {
            let item = match ready!(self.lines.poll_next(context)) {
                Some(Ok(line)) => self.read(&line),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                // Some leave out the blank line after their last event.
                None => match self.dispatch() {
                    Some(item) => Some(item),
                    None => return Poll::Ready(None),
                },
            };
            if let Some(item) = item {
                return Poll::Ready(Some(Ok(item)));
            }
        }
    }

    fn read(&mut self, line: &BytesMut) -> Option<Item> {
        let line = text(line);
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => value.clone_into(&mut self.name),
            // An older llama.cpp sends its errors as a field of that name.
            "error" => {
                return Some(Item::Event { name: field.to_owned(), data: value.to_owned() });
            }
            "" | "id" | "retry" => {}
            _ => return Some(Item::Stray(line.into_owned())),
        }
        None
    }

    /// The event that ends here. One without data is none.
    fn dispatch(&mut self) -> Option<Item> {
        let name = std::mem::take(&mut self.name);
        let mut data = std::mem::take(&mut self.data);
        data.pop()?;
        Some(Item::Event { name, data })
    }
}
