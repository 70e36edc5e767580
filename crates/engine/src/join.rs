use protocol::Event;

/// Adds `event`, or appends it to the last one where both are text of the same place and together
/// no longer than `most` bytes.
pub(crate) fn join(events: &mut Vec<Event>, event: Event, most: usize) {
    let fits = |one: &String, other: &String| one.len() + other.len() <= most;
    match (events.last_mut(), &event) {
        (Some(Event::FieldDelta(last)), Event::FieldDelta(next))
            if last.path == next.path && fits(&last.text, &next.text) =>
        {
            last.text.push_str(&next.text);
        }
        (Some(Event::Reasoning(last)), Event::Reasoning(next)) if fits(&last.text, &next.text) => {
            last.text.push_str(&next.text);
        }
        _ => events.push(event),
    }
}

/// The text that others of its kind may be appended to.
pub(crate) fn text_of(event: &mut Event) -> Option<&mut String> {
    match event {
        Event::FieldDelta(delta) => Some(&mut delta.text),
        Event::Reasoning(reasoning) => Some(&mut reasoning.text),
        _ => None,
    }
}
