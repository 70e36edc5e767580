use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::report::{Message, Report};

/// What the tabs that follow one generation say to each other.
pub(super) enum Word {
    /// A tab has come and wants to know where the others stand.
    Hello,
    /// What the tab that holds the line hears.
    Heard(Report),
}

/// The tabs of this browser that follow one generation. Left when it is dropped.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    pub(super) fn join(id: &str, listen: impl Fn(Word) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(&format!("unspool-{id}")).ok()?;
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(word) = decode(&event.data().unchecked_into()) {
                listen(word);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Says it to all others.
    pub(super) fn say(&self, word: &Word) {
        if let Some(message) = encode(word) {
            let _ = self.channel.post_message(&message);
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// A word as the browser copies it: its kind, and what belongs to it.
#[expect(clippy::cast_precision_loss, reason = "ids are far below 2^53")]
fn encode(word: &Word) -> Option<Array> {
    let number = |number: u64| JsValue::from_f64(number as f64);
    Some(match word {
        Word::Hello => Array::of1(&"hello".into()),
        Word::Heard(Report::At(cursor)) => Array::of2(&"at".into(), &number(*cursor)),
        // Whoever stands before it asks for the whole itself.
        Word::Heard(Report::Whole(snapshot)) => Array::of2(&"at".into(), &number(snapshot.cursor)),
        Word::Heard(Report::Waiting(seconds)) => {
            Array::of2(&"waiting".into(), &number((*seconds).into()))
        }
        Word::Heard(Report::Event(Message { after, id, name, data })) => {
            Array::of5(&"event".into(), &number(*after), &number(*id), &name.into(), &data.into())
        }
        // The next to hold the line finds it out.
        Word::Heard(Report::Gone) => return None,
    })
}

fn decode(message: &Array) -> Option<Word> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as encoded")]
    let number = |index: u32| message.get(index).as_f64().map(|number| number as u64);
    let text = |index: u32| message.get(index).as_string();
    Some(Word::Heard(match text(0)?.as_str() {
        "hello" => return Some(Word::Hello),
        "at" => Report::At(number(1)?),
        "waiting" => Report::Waiting(u32::try_from(number(1)?).ok()?),
        "event" => Report::Event(Message {
            after: number(1)?,
            id: number(2)?,
            name: text(3)?,
            data: text(4)?,
        }),
        _ => return None,
    }))
}
