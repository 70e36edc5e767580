use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, ErrorKind};

/// An endpoint's address, and the headers that its requests bear.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    url: Url,
    chat_completions: String,
    headers: HeaderMap,
}

impl Endpoint {
    pub(super) fn new(base_url: &str, key: Option<&SecretString>) -> Result<Self, Error> {
        let url = Url::parse(base_url.trim()).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let Some(url) = url.filter(|url| url.username().is_empty() && url.password().is_none())
        else {
            let detail = "the base URL is not http(s)://host[:port][/path]";
            return Err(Error::new(ErrorKind::Rejected, detail));
        };
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let bearer = HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim()));
            let mut bearer = bearer.map_err(|_| {
                Error::new(ErrorKind::Unauthorised, "the key has characters that no key has")
            })?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let chat_completions = format!("{}/chat/completions", url.as_str().trim_end_matches('/'));
        Ok(Self { url, chat_completions, headers })
    }

    /// The address up to and without `/chat/completions`.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Where chat completions are asked for.
    pub(super) fn chat_completions(&self) -> &str {
        &self.chat_completions
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}
