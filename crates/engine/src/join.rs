use protocol::Event;

/// Longest text of one event: what arrived in one go is merged up to here.
const MOST_BYTES: usize = 16 * 1024;

/// Appends `event` to `last` where both are text of the same place, and not too long together;
/// else gives it back.
pub(crate) fn join(last: &mut Event, event: Event) -> Option<Event> {
    let (text, more) = match (last, &event) {
        (Event::FieldDelta(last), Event::FieldDelta(next)) if last.path == next.path => {
            (&mut last.text, &next.text)
        }
        (Event::Reasoning(last), Event::Reasoning(next)) => (&mut last.text, &next.text),
        _ => return Some(event),
    };
    if text.len() + more.len() > MOST_BYTES {
        return Some(event);
    }
    text.push_str(more);
    None
}
