use protocol::Event;

/// Appends `event` to `last` where both are text of the same place and together no longer than
/// `most` bytes; else gives it back.
pub(crate) fn join(last: &mut Event, event: Event, most: usize) -> Option<Event> {
    let (text, more) = match (last, &event) {
        (Event::FieldDelta(last), Event::FieldDelta(next)) if last.path == next.path => {
            (&mut last.text, &next.text)
        }
        (Event::Reasoning(last), Event::Reasoning(next)) => (&mut last.text, &next.text),
        _ => return Some(event),
    };
    if text.len() + more.len() > most {
        return Some(event);
    }
    text.push_str(more);
    None
}
