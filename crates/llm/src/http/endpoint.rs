use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::{Timeouts, Transport, client};
use crate::{Error, ErrorKind};

/// An endpoint's address, and the headers that its requests bear.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    url: Url,
    headers: HeaderMap,
}

impl Endpoint {
    pub(crate) fn new(base_url: &str, key: Option<&SecretString>) -> Result<Self, Error> {
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
        Ok(Self { url, headers })
    }

    /// What sends requests to `path` below this address.
    pub(crate) fn transport(&self, path: &str, timeouts: Timeouts) -> Result<Transport, Error> {
        let http = client(&self.url, timeouts.connect)?;
        let url = format!("{}/{path}", self.url.as_str().trim_end_matches('/'));
        Ok(Transport::new(http, url, self.headers.clone(), timeouts))
    }
}
