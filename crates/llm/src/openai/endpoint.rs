use async_openai::config::Config;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, ErrorKind};

/// An endpoint's address and key, in the form in which async-openai wants them.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    url: Url,
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Endpoint {
    pub(super) fn new(base_url: &str, key: Option<SecretString>) -> Result<Self, Error> {
        let url = Url::parse(base_url.trim()).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let Some(url) = url.filter(|url| url.username().is_empty() && url.password().is_none())
        else {
            let detail = "the base URL is not http(s)://host[:port][/path]";
            return Err(Error::new(ErrorKind::Rejected, detail));
        };
        let mut headers = HeaderMap::new();
        if let Some(key) = &key {
            let bearer = HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim()));
            let mut bearer = bearer.map_err(|_| {
                Error::new(ErrorKind::Unauthorised, "the key has characters that no key has")
            })?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, base, key: key.unwrap_or_default(), headers })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}
