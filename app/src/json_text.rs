use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Error;

/// JSON in the bodies of the server functions, which take this in place of Leptos' own encoding.
///
/// It parses a `str`, as the rest of the page does. Leptos parses bytes, for which the compiler
/// makes a second parser of each type.
pub struct JsonText;

/// A server function's request or answer as JSON.
pub(crate) type Json = Post<JsonText>;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = Error;

    fn encode(value: &T) -> Result<Bytes, Error> {
        serde_json::to_string(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = Error;

    fn decode(bytes: Bytes) -> Result<T, Error> {
        let text = str::from_utf8(&bytes).map_err(serde::de::Error::custom)?;
        serde_json::from_str(text)
    }
}
