use protocol::Event;

/// Longest text of one event: what arrives in one go is merged up to here, and cut from here on.
const MOST_BYTES: usize = 16 * 1024;

/// Appends `event` to `last` where both are text of the same field, and not too long together;
/// else gives it back.
pub(crate) fn coalesce(last: &mut Event, event: Event) -> Option<Event> {
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

/// `text` in pieces that are not too long for an event.
pub(crate) fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = text.split_at(text.floor_char_boundary(MOST_BYTES));
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_short_and_hold_whole_characters() {
        let text = "長い文".repeat(MOST_BYTES);
        let cut: Vec<_> = pieces(&text).collect();
        assert_eq!(cut.concat(), text);
        assert!(cut.iter().all(|piece| (MOST_BYTES - 3..=MOST_BYTES).contains(&piece.len())
            || *piece == cut[cut.len() - 1]));
        assert_eq!(pieces("").count(), 0);
    }
}
