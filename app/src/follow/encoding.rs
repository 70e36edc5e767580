//! Messages as arrays, which a browser can copy from one tab to another.

use js_sys::Array;
use protocol::Event;
use wasm_bindgen::JsValue;

use super::{Batch, Message, RawEvent};

/// Encodes a message: its kind, and then its fields.
pub(super) fn encode(message: Message) -> Array {
    #[expect(clippy::cast_precision_loss, reason = "ids and tabs' numbers are below 2^53")]
    let number = |number: u64| JsValue::from_f64(number as f64);
    match message {
        Message::Hello { tab } => Array::of2(&"hello".into(), &number(tab)),
        Message::SnapshotWanted { tab } => Array::of2(&"snapshot_wanted".into(), &number(tab)),
        Message::Bye { tab } => Array::of2(&"bye".into(), &number(tab)),
        Message::Elected => Array::of1(&"elected".into()),
        Message::Position { cursor } => Array::of2(&"position".into(), &number(cursor)),
        Message::Waiting { seconds } => Array::of2(&"waiting".into(), &number(seconds.into())),
        Message::Gone => Array::of1(&"gone".into()),
        Message::Snapshot { cursor, json } => {
            Array::of3(&"snapshot".into(), &number(cursor), &json.into())
        }
        Message::Events(Batch { after, events }) => {
            let array = Array::of2(&"events".into(), &number(after));
            for RawEvent { id, name, data } in events {
                array.push(&number(id));
                array.push(&name.into());
                array.push(&data.into());
            }
            array
        }
    }
}

/// Decodes a message. Another tab may run another version of the page, whose messages are none.
pub(super) fn decode(array: &Array) -> Option<Message> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as encoded")]
    let number = |index: u32| array.get(index).as_f64().map(|number| number as u64);
    let text = |index: u32| array.get(index).as_string();
    Some(match text(0)?.as_str() {
        "hello" => Message::Hello { tab: number(1)? },
        "snapshot_wanted" => Message::SnapshotWanted { tab: number(1)? },
        "bye" => Message::Bye { tab: number(1)? },
        "elected" => Message::Elected,
        "position" => Message::Position { cursor: number(1)? },
        "waiting" => Message::Waiting { seconds: u32::try_from(number(1)?).ok()? },
        "gone" => Message::Gone,
        "snapshot" => Message::Snapshot { cursor: number(1)?, json: text(2)? },
        "events" => {
            let event = |index: u32| {
                let name = text(index + 1)?;
                let name = Event::NAMES.into_iter().find(|known| *known == name)?;
                Some(RawEvent { id: number(index)?, name, data: text(index + 2)? })
            };
            let events = (2..array.length()).step_by(3).map(event).collect::<Option<_>>()?;
            Message::Events(Batch { after: number(1)?, events })
        }
        _ => return None,
    })
}
