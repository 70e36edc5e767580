//! Messages as arrays, which a browser can copy from one tab to another.

use js_sys::Array;
use protocol::conversation::Event;
use wasm_bindgen::JsValue;

use super::{Message, RawEvent};

/// Encodes a message: its kind, and then its fields.
pub(super) fn encode(message: Message) -> Array {
    #[expect(clippy::cast_precision_loss, reason = "tabs' numbers are below 2^53")]
    let number = |number: u64| JsValue::from_f64(number as f64);
    match message {
        Message::Hello { tab } => Array::of2(&"hello".into(), &number(tab)),
        Message::Replay { tab, events } => {
            let array = Array::of2(&"replay".into(), &number(tab));
            events.into_iter().for_each(|event| push(&array, event));
            array
        }
        Message::Restarted => Array::of1(&"restarted".into()),
        Message::RestartWanted => Array::of1(&"restart_wanted".into()),
        Message::Event(event) => {
            let array = Array::of1(&"event".into());
            push(&array, event);
            array
        }
        Message::Waiting { seconds } => Array::of2(&"waiting".into(), &number(seconds.into())),
        Message::Connected => Array::of1(&"connected".into()),
    }
}

fn push(array: &Array, event: RawEvent) {
    let RawEvent { id, name, data } = event;
    for field in [id.as_str(), name, &data] {
        array.push(&field.into());
    }
}

/// Decodes a message. Another tab may run another version of the page, whose messages are none.
pub(super) fn decode(array: &Array) -> Option<Message> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as encoded")]
    let number = |index: u32| array.get(index).as_f64().map(|number| number as u64);
    let text = |index: u32| array.get(index).as_string();
    let event = |index: u32| {
        let name = text(index + 1)?;
        let name = Event::NAMES.into_iter().find(|known| *known == name)?;
        Some(RawEvent { id: text(index)?, name, data: text(index + 2)? })
    };
    Some(match text(0)?.as_str() {
        "hello" => Message::Hello { tab: number(1)? },
        "replay" => {
            let events = (2..array.length()).step_by(3).map(event).collect::<Option<_>>()?;
            Message::Replay { tab: number(1)?, events }
        }
        "restarted" => Message::Restarted,
        "restart_wanted" => Message::RestartWanted,
        "event" => Message::Event(event(1)?),
        "waiting" => Message::Waiting { seconds: u32::try_from(number(1)?).ok()? },
        "connected" => Message::Connected,
        _ => return None,
    })
}
